import type { Paint } from '../markup/paint.ts';
import type { PlayedRun } from '../playback.ts';
import { tally } from '../sentences/tally.ts';
import { verdictWords } from './verdict-words.ts';

/** Returns `1 failed, 2 passed`, the most serious verdict first; an empty text if there are no runs. */
export function countWords(played: readonly PlayedRun[], paint: Paint): string {
  const sums = tally(played);
  return kinds
    .filter(([kind]) => sums[kind] > 0)
    .map(([kind, word]) => paint(verdictWords[kind].style, `${sums[kind]} ${word}`))
    .join(', ');
}

const kinds = [
  ['fail', 'failed'],
  ['unknown', 'unknown'],
  ['flaky', 'flaky'],
  ['skipped', 'skipped'],
  ['pass', 'passed'],
] as const;
