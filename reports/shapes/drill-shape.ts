import { z } from 'zod';

const when = z.string().meta({
  description:
    'ISO 8601 duration from the defence until the attacker was refused; `never` if the attacker was not refused.',
});

/** The result of a drill, which measures a defence against stolen credentials, in run.json and results.json. */
export const drillShape = z
  .strictObject({
    loot: z.string().meta({ description: 'The stolen credential.' }),
    registrationId: z.string().meta({ description: 'The registration ID that the attacker used.' }),
    every: z.string().meta({
      description:
        'ISO 8601 duration between two observations. The times in this object are only as precise as this duration.',
    }),
    watched: z.string().meta({ description: 'ISO 8601 duration of the observation.' }),
    outOfDps: when,
    outOfHub: when,
    honest: z.array(z.string()).meta({ description: 'Honest devices that were observed.' }),
    hurt: z
      .array(z.string())
      .meta({ description: 'Honest devices that could not get into service at the last observation.' }),
  })
  .meta({
    description: 'The time from a defence until the attacker was refused, and the honest devices that it affected.',
  });
