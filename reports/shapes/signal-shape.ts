import { z } from 'zod';
import { signals } from '../../core/findings/signals/index.ts';

/** A signal in run.json and results.json. */
export const signalShape = z
  .strictObject({
    signal: z.enum(signals.map(({ id }) => id)),
    subject: z.string().meta({ description: 'The identity, address or key that the signal is about.' }),
    sentence: z.string().meta({ description: 'Describes the signal.' }),
    events: z
      .array(z.int().min(0))
      .meta({ description: 'The evidence: indexes of events in the history of run.json, from 0.' }),
  })
  .meta({ description: 'A signal that a defender could see in the logs of DPS and hubs and in audit trails.' });
