import { checkSync } from 'recheck';

/** The pattern and the flags of a regular expression literal. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/**
 * Returns the worst-case growth of the matching time with the length of the text: `linear`, a sentence for slower patterns, or
 * `undecided`. An automaton proves the result. If the automaton is too large, or the pattern has lookaround, a search looks for texts
 * that need many steps. It counts steps, so the speed of the computer affects only `undecided`.
 */
export function costOf({ source, flags }: Pattern): string {
  const proven = checkSync(source, flags, { checker: 'automaton', timeout: 1500 });
  const judged =
    proven.status === 'unknown'
      ? checkSync(source, flags, { checker: 'fuzz', randomSeed: 1, timeout: 10_000 })
      : proven;
  if (judged.status === 'safe') return 'linear';
  return judged.status === 'vulnerable' ? judged.complexity.summary : 'undecided';
}
