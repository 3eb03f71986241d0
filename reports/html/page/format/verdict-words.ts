import type { VerdictKind } from '../../../../core/run/run.ts';

/** The words for verdicts, the most serious first. Each has a sign that can be recognised without colour. */
export const verdictWords = {
  fail: { word: 'Failed', sign: '✕' },
  unknown: { word: 'Unknown', sign: '?' },
  skipped: { word: 'Skipped', sign: '–' },
  pass: { word: 'Passed', sign: '✓' },
} as const satisfies Record<VerdictKind, { word: string; sign: string }>;

export const verdictKinds = Object.keys(verdictWords) as VerdictKind[];
