import { checkSync } from 'recheck';

/** A pattern and its flags, as a regular expression literal has them. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/**
 * How the time of a pattern grows with the text, at worst: `linear`, a sentence for a pattern that takes longer, or `undecided`.
 * An automaton proves it; if that grows too large or the pattern looks ahead or back, texts are searched for that take many steps. Steps are
 * counted, so the speed of the computer decides nothing but `undecided`.
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
