import { z } from 'zod';
import { retryModes } from '../../devices/retry.ts';
import { duration } from './words.ts';

/** Schema of the number of successive refusals at which a device gives up. */
export const triesSchema = z.int().min(1).max(1000).optional().meta({
  description:
    'Number of refusals in a row after which a device with `retry: back-off` or `at-once` gives up. Default: 8.',
});

export const retrySchema = z.enum(retryModes).default('back-off').meta({
  description:
    'Reaction to an answer with status 429 or 5xx. A dropped connection ends the attempt. back-off: waits 1, 2, 4 … 4096 seconds, or Retry-After if that is longer, plus a random time of up to the same length. at-once: does not wait. none: gives up. After `tries` refusals in a row, a device gives up until it is started again. With 8 tries, the waits of a back-off add up to 2 to 4 minutes, so the device gives up during an outage of half an hour. The other names are SDKs; docs/fleets.md lists their waits.',
});

const startWords = {
  starts: duration('Time over which the devices start, each at a random instant. Default: all at once.').optional(),
  after: duration('Time from the step to the first start. Default: none.').optional(),
};

const cohortSchema = z
  .strictObject({
    share: z.number().gt(0).max(1).meta({ description: 'Share of the devices of the fleet, above 0 and up to 1.' }),
    retry: z
      .enum(retryModes)
      .optional()
      .meta({ description: 'Reaction to a 429. Default: the reaction of the fleet.' }),
    tries: triesSchema,
    ...startWords,
  })
  .meta({ description: 'A part of a fleet with its own starts and retries.' });

/** Schema of `fleet`: settings for the simulation of a whole fleet without connections. */
export const fleetSchema = z
  .strictObject({
    ...startWords,
    tier: z.enum(['numbers', 'core']).default('numbers').meta({
      description:
        'numbers: simulates the devices as numbers. core: each device calls the services without a connection, and the history has its full trace. This tier allows up to 30,000 devices and every step.',
    }),
    samples: z.int().min(1).max(200).default(5).meta({
      description:
        'Number of devices that also run over real connections and so check the simulation. The seed chooses the devices.',
    }),
    cohorts: z
      .array(cohortSchema)
      .min(1)
      .max(20)
      .optional()
      .meta({ description: 'Parts of the fleet, whose shares add up to 1. Default: one part.' }),
  })
  .refine(({ cohorts }) => cohorts === undefined || Math.abs(sumOf(cohorts) - 1) < 1e-6, {
    error: 'the shares of the cohorts must add up to 1; change the shares',
    path: ['cohorts'],
  })
  .refine(({ tier, starts, after, cohorts }) => tier === 'numbers' || (starts ?? after ?? cohorts) === undefined, {
    error: 'starts, after and cohorts need tier: numbers; remove them, or remove tier',
    path: ['tier'],
  })
  .meta({
    description:
      'Simulates the devices as numbers under the rules of the service, for fleets of up to 5,000,000 devices. Sampled devices also run over real connections; any difference makes the run inconclusive.',
  });

function sumOf(cohorts: readonly { readonly share: number }[]): number {
  return cohorts.reduce((sum, { share }) => sum + share, 0);
}

/** Returns true for a fleet with `tier: numbers`, which Rehearsal simulates without an object for each device. */
export function isNumbers(fleet: { readonly tier: string } | undefined): boolean {
  return fleet?.tier === 'numbers';
}

export type FleetWords = z.output<typeof fleetSchema>;
