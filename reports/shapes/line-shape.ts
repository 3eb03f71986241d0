import { z } from 'zod';
import { secretFlags } from '../../core/findings/flag-holdings.ts';
import { fates, parties } from '../../core/history/events.ts';
import { secretSorts } from '../../core/history/events.ts';

const count = z.int().min(0);

/** The result of a production line in run.json and results.json. */
export const lineShape = z
  .strictObject({
    product: z.string().meta({ description: 'The device or fleet that was built.' }),
    step: count.meta({ description: 'Index in the timeline, from 0.' }),
    stations: z.array(z.string()).meta({ description: 'Stations, in the order in which a unit passes them.' }),
    ordered: count,
    built: count,
    fates: z
      .record(z.enum(fates), count)
      .meta({ description: 'Number of units by what happened to them, such as shipped or scrapped.' }),
    catches: z
      .record(z.string(), count)
      .meta({ description: 'Number of units that the quality control rejected, by the ID of the check.' }),
    startedAt: z.string().meta({ description: 'Virtual instant, ISO 8601.' }),
    endedAt: z.string(),
    perHour: z.number().min(0).meta({ description: 'Shipped units in an hour of virtual time.' }),
    yield: z.number().min(0).max(1).meta({ description: 'Share of the units that are not scrapped.' }),
    online: z.array(z.string()).meta({ description: 'Stations that needed a network.' }),
  })
  .meta({ description: 'A production line in one step of the timeline.' });

/** A copy of a secret in one secret location, such as a station or a device, in run.json and results.json. */
export const secretShape = z
  .strictObject({
    secret: z.string().meta({ description: 'Name of the secret. Copies of one secret have the same name.' }),
    sort: z.enum(secretSorts).meta({ description: 'The purpose of the secret.' }),
    party: z.enum(parties).meta({
      description: 'The party that controls the location, and can read the secret there unless it is sealed.',
    }),
    place: z.string().meta({ description: 'The location of the copy, such as a station, a device, DPS or a CA.' }),
    sealed: z.literal(true).exactOptional().meta({
      description: 'True if the secret is in a component that uses it and never exports it.',
    }),
    from: z.string().meta({ description: 'Virtual instant, ISO 8601.' }),
    to: z.string().nullable().meta({
      description: 'Virtual instant, ISO 8601, at which the copy ceased to exist; null if it existed until the end.',
    }),
    flag: z.enum(secretFlags).exactOptional().meta({
      description:
        '`stolen` if an attacker had this copy; `needless` if a party had this copy and did not need it; omitted otherwise.',
    }),
  })
  .meta({ description: 'A copy of a secret in one location, with its time span.' });
