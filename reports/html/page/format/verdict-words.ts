import type { VerdictKind } from '../../../../core/run/verdict.ts';

/** Verdicts as the page says them, the gravest first, each with a sign that does not need colour. */
export const verdictWords = {
  fail: { word: 'Failed', sign: '✕' },
  unknown: { word: 'Unknown', sign: '?' },
  skipped: { word: 'Skipped', sign: '–' },
  pass: { word: 'Passed', sign: '✓' },
} as const satisfies Record<VerdictKind, { word: string; sign: string }>;

export const verdictKinds = Object.keys(verdictWords) as VerdictKind[];
