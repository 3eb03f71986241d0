import { z } from 'zod';
import { secretFlags } from '../../core/findings/flag-holdings.ts';
import { fates, parties } from '../../core/history/events.ts';
import { secretSorts } from '../../core/history/events.ts';

const count = z.int().min(0);

/** What a production line did, as run.json and results.json hold it. */
export const lineShape = z
  .strictObject({
    product: z.string().meta({ description: 'The device or fleet that was built.' }),
    step: count.meta({ description: 'Index in the timeline, from 0.' }),
    stations: z.array(z.string()).meta({ description: 'In the order in which units pass them.' }),
    ordered: count,
    built: count,
    fates: z.record(z.enum(fates), count).meta({ description: 'What became of the units.' }),
    catches: z.record(z.string(), count).meta({ description: 'Units that the quality check rejected, by check.' }),
    startedAt: z.string().meta({ description: 'Virtual instant, ISO 8601.' }),
    endedAt: z.string(),
    perHour: z.number().min(0).meta({ description: 'Shipped units in an hour of virtual time.' }),
    yield: z.number().min(0).max(1).meta({ description: 'Share of the units that are not scrapped.' }),
    online: z.array(z.string()).meta({ description: 'Stations that needed a network.' }),
  })
  .meta({ description: 'A production line in one step of the timeline.' });

/** A copy of a secret in one place, as run.json and results.json hold it. */
export const secretShape = z
  .strictObject({
    secret: z.string().meta({ description: 'The same name is the same secret wherever it lies.' }),
    sort: z.enum(secretSorts).meta({ description: 'What it is for.' }),
    party: z.enum(parties).meta({ description: 'Who has the place, and can read it there unless it is sealed.' }),
    place: z.string().meta({ description: 'A station, a device, DPS, a CA, …' }),
    sealed: z.literal(true).exactOptional().meta({
      description: 'It lies in a part that works with it and gives it to nobody.',
    }),
    from: z.string().meta({ description: 'Virtual instant, ISO 8601.' }),
    to: z.string().nullable().meta({ description: 'null where it lay there to the end.' }),
    flag: z.enum(secretFlags).exactOptional().meta({
      description: 'stolen with an attacker; needless where somebody had it who does not have to. Absent otherwise.',
    }),
  })
  .meta({ description: 'A copy of a secret in one place, from when to when.' });
