import { z } from 'zod';
import { duration } from '../../../schema/duration.ts';
import { addDuration, durationBetween } from '../../../time/duration.ts';
import { defineWord } from '../define-word.ts';

const percentiles = ['p50', 'p90', 'p95', 'p99', 'max'] as const;

const limits = z
  .strictObject(
    Object.fromEntries(
      percentiles.map((name) => [name, duration('The longest time to service of this share of the fleet.').optional()]),
    ) as Record<(typeof percentiles)[number], z.ZodOptional<z.ZodString>>,
  )
  .refine((words) => Object.keys(words).length > 0, { error: 'expected at least one of p50, p90, p95, p99, max' });

type Waits = Readonly<Record<string, string>>;

/** The ISO 8601 duration of one registration, or the durations of a fleet by percentile. */
type Durations = string | Waits;

/** The value of a percentile if a device in this share of the fleet does not get into service. */
const never = 'never';

export const within = defineWord({
  name: 'within',
  schema: z.union([duration('The longest duration.'), limits]).meta({
    description:
      'The longest duration of the attempt, including its waits. For a fleet that is simulated as numbers: the longest time to service of all devices, or of shares of them such as { p95: PT2H }. A device that does not get into service exceeds every limit.',
  }),
  ofRegistration: ({ took }): Durations => took,
  ofFleet: ({ waits }) =>
    Object.fromEntries(
      percentiles.map((name) => {
        const wait = waits[name];
        return [name, wait === null ? never : durationBetween(0, Math.ceil(wait / 1000) * 1000)];
      }),
    ),
  holds: (expected, actual) =>
    Object.entries(typeof expected === 'string' ? { max: expected } : expected).every(([name, limit]) => {
      const found = typeof actual === 'string' ? actual : actual?.[name];
      return found !== undefined && found !== never && addDuration(0, found) <= addDuration(0, limit ?? 'PT0S');
    }),
  show: (actual) =>
    typeof actual === 'string'
      ? actual
      : Object.entries(actual)
          .map(([name, wait]) => `${name} ${wait}`)
          .join(', '),
});
