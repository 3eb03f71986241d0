import type { Paint } from '../markup/paint.ts';
import type { PlayedRun } from '../playback.ts';
import { tally, tallyWords } from '../sentences/tally.ts';
import { verdictWords } from './verdict-words.ts';

/** Returns `1 failed, 2 passed`, the most serious verdict first; an empty text if there are no runs. */
export function countWords(played: readonly PlayedRun[], paint: Paint): string {
  const sums = tally(played);
  return tallyWords
    .filter(([kind]) => sums[kind] > 0)
    .map(([kind, word]) => paint(verdictWords[kind].style, `${sums[kind]} ${word}`))
    .join(', ');
}
