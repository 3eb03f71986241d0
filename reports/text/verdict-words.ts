import type { VerdictKind } from '../../core/run/run.ts';

/** The word and the colour of each verdict; the words have the same width, so that titles are aligned. */
export const verdictWords = {
  pass: { word: 'pass   ', style: 'green' },
  fail: { word: 'FAIL   ', style: 'red' },
  unknown: { word: 'UNKNOWN', style: 'magenta' },
  skipped: { word: 'skipped', style: 'yellow' },
  flaky: { word: 'FLAKY  ', style: 'yellow' },
} as const satisfies Record<VerdictKind | 'flaky', { word: string; style: string }>;
