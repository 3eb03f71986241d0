import { z } from 'zod';

const when = z.string().meta({ description: 'ISO 8601 duration from the defence on; never where it did not come.' });

/** What came of a defence, as run.json and results.json hold it. */
export const drillShape = z
  .strictObject({
    loot: z.string().meta({ description: 'What the attacker held.' }),
    registrationId: z.string().meta({ description: 'Whom he said that he is.' }),
    every: z.string().meta({ description: 'ISO 8601 duration between looks: so exact are the times.' }),
    watched: z.string().meta({ description: 'ISO 8601 duration that it was looked at.' }),
    outOfDps: when,
    outOfHub: when,
    honest: z.array(z.string()).meta({ description: 'Honest devices that were looked at.' }),
    hurt: z.array(z.string()).meta({ description: 'Those that did not get into service at the last look.' }),
  })
  .meta({ description: 'How long after a defence the attacker was out, and which honest devices it hurt.' });
