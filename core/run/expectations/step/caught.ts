import { z } from 'zod';
import { checkWord } from '../../../schema/check-word.ts';
import { defineWord } from '../define-word.ts';

export const caught = defineWord({
  name: 'caught',
  schema: z.partialRecord(checkWord, z.int().min(0)).meta({
    description: 'The number of units that the quality check rejected, by check; an omitted check counts as 0.',
  }),
  ofStep: ({ events }) => {
    if (!events.some(({ kind }) => kind === 'line-ended' || kind === 'unit')) return undefined;
    const counts: Record<string, number> = {};
    for (const event of events) {
      if (event.kind === 'unit' && event.check !== undefined) counts[event.check] = (counts[event.check] ?? 0) + 1;
    }
    return counts;
  },
  holds: (expected, actual = {}) => sameCounts(expected, actual),
  phrases: (actual = {}) => {
    const found = Object.entries(actual).map(([check, count]) => `${count} caught by \`${check}\``);
    return found.length === 0 ? ['none caught'] : found;
  },
  expectsSuccess: (expected) => (Object.keys(expected).length > 0 ? false : undefined),
});

type Counts = Readonly<Partial<Record<string, number>>>;

/** Returns true if both lists have the same count for each check. A missing check counts as 0. */
function sameCounts(a: Counts, b: Counts): boolean {
  return [...Object.keys(a), ...Object.keys(b)].every((check) => (a[check] ?? 0) === (b[check] ?? 0));
}
