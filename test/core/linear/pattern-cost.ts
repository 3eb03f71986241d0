import { checkSync } from 'recheck';

/** The pattern and the flags of a regular expression literal. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/**
 * Returns the worst-case growth of the matching time with the length of the text: `linear`, a sentence for slower patterns, or
 * `undecided`. An automaton proves the result. If the automaton is too large, or the pattern has lookaround, a search looks for texts
 * that need many steps. The search finds steps for some harmless patterns too, so it must not begin because a busy computer was late: the
 * automaton gets two minutes, and needs less than three seconds for each of our patterns on a computer without other work.
 */
export function costOf({ source, flags }: Pattern): string {
  const proven = checkSync(source, flags, { checker: 'automaton', timeout: 120_000 });
  const judged =
    proven.status === 'unknown'
      ? checkSync(source, flags, { checker: 'fuzz', randomSeed: 1, timeout: 60_000 })
      : proven;
  if (judged.status === 'safe') return 'linear';
  return judged.status === 'vulnerable' ? judged.complexity.summary : 'undecided';
}
