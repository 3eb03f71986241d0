import { z } from 'zod';
import { parties } from '../../../core/history/events.ts';
import { reference, signedDuration } from './words.ts';

/** The rooms that a station may stand in. */
const places = ['secure-room', 'floor', 'office'] as const;

const holdsSchema = z
  .strictObject({
    cas: z.array(reference('ca', 'A CA.')).default([]).meta({ description: 'CAs whose signing keys are there.' }),
    groups: z
      .array(reference('group', 'An enrollment group by symmetric key.'))
      .default([])
      .meta({ description: 'Enrollment groups whose group keys are there.' }),
    keys: z
      .array(reference('key', 'A shared key.'))
      .default([])
      .meta({ description: 'Shared symmetric keys that are there.' }),
    batches: z
      .array(reference('batch', 'A store that order-batch fills.'))
      .default([])
      .meta({ description: 'Stores of certificates made ahead that are kept there.' }),
  })
  .meta({ description: 'Secrets that lie there from the start, so that it need not ask for them.' });

/** A place where somebody does something to devices. */
export const stationSchema = z
  .strictObject({
    party: z.enum(parties).default('manufacturer').meta({ description: 'Who works there.' }),
    place: z.enum(places).default('floor').meta({ description: 'The room that it stands in.' }),
    clockOffset: signedDuration('How far its clock is ahead; behind where negative, such as -P1Y.').optional(),
    clockDrift: z
      .number()
      .min(-1_000_000)
      .max(1_000_000)
      .default(0)
      .meta({ description: 'Seconds that its clock gains in a million.' }),
    online: z.boolean().default(true).meta({
      description: 'Whether it reaches the provisioning service, vendors, and what it does not hold itself.',
    }),
    holds: holdsSchema.prefault({}),
    keepsCopies: z.boolean().default(false).meta({
      description: 'Whether the keys that go through it stay on its disk.',
    }),
  })
  .meta({ description: 'A station of the line or a desk: who works there, in which room, by which clock.' });

export type StationSpec = z.output<typeof stationSchema>;
