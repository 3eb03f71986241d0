import { z } from 'zod';
import { parties } from '../../../core/history/events.ts';
import { reference, signedDuration } from './words.ts';

/** The rooms in which a station can be. */
const places = ['secure-room', 'floor', 'office'] as const;

const holdsSchema = z
  .strictObject({
    cas: z.array(reference('ca', 'A CA.')).default([]).meta({ description: 'CAs whose signing keys the station has.' }),
    groups: z
      .array(reference('group', 'An enrollment group by symmetric key.'))
      .default([])
      .meta({ description: 'Enrollment groups whose group keys the station has.' }),
    keys: z
      .array(reference('key', 'A shared key.'))
      .default([])
      .meta({ description: 'Shared symmetric keys that the station has.' }),
    batches: z
      .array(reference('batch', 'A batch that order-batch orders.'))
      .default([])
      .meta({ description: 'Batches of certificates that the station has.' }),
  })
  .meta({
    description: 'Secrets that the station has from the start, so that it does not request them over the network.',
  });

/** A workplace, such as a station of the factory or a desk, at which a party does steps. */
export const stationSchema = z
  .strictObject({
    party: z.enum(parties).default('manufacturer').meta({ description: 'The party that works at the station.' }),
    place: z.enum(places).default('floor').meta({ description: 'The room of the station.' }),
    clockOffset: signedDuration(
      'Offset of the clock of the station; negative if the clock is slow, such as -P1Y.',
    ).optional(),
    clockDrift: z
      .number()
      .min(-1_000_000)
      .max(1_000_000)
      .default(0)
      .meta({ description: 'Drift of the clock in parts per million; positive if it is fast.' }),
    online: z.boolean().default(true).meta({
      description: 'true: the station can reach the provisioning service, vendors, and secrets that it does not have.',
    }),
    holds: holdsSchema.prefault({}),
    keepsCopies: z.boolean().default(false).meta({
      description: 'true: copies of all keys that pass through the station stay on its disk.',
    }),
  })
  .meta({
    description:
      'A place that handles secrets: a station of the production line, or a desk. It has an owner (`party`), a room and a clock.',
  });

export type StationSpec = z.output<typeof stationSchema>;
