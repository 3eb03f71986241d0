import { z } from 'zod';
import { signals } from '../../core/findings/signals/index.ts';

/** A signal that fired, as run.json and results.json hold it. */
export const signalShape = z
  .strictObject({
    signal: z.enum(signals.map(({ id }) => id)),
    subject: z.string().meta({ description: 'The identity, address or key that it is about.' }),
    sentence: z.string().meta({ description: 'What is odd, for people.' }),
    events: z.array(z.int().min(0)).meta({ description: 'Evidence: events of the history in run.json, from 0.' }),
  })
  .meta({ description: 'What a defender could see in the logs of DPS and hubs and in audit trails.' });
