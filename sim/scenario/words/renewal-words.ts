import { z } from 'zod';
import { interval, reference, validity } from './words.ts';

/** How a device renews the certificate that it goes to the hub with. */
export const renewalSchema = z
  .strictObject({
    from: z.union([reference('ca', 'CA that signs the next certificate.'), z.enum(['dps'])]).meta({
      description:
        "Whom it asks: a vendor's CA over EST; a CA of the manufacturer, by way of the hub (over the air); dps, by registering again with a signing request.",
    }),
    at: z.number().min(0.05).max(0.99).default(0.66).meta({
      description: 'When it begins, as a fraction of the life of the certificate, by its own clock.',
    }),
    retry: interval(
      'How long it waits after a failure, an hour or more; twice as long after each further one, give or take a half.',
    ).default('P1D'),
    keepsOld: z.boolean().default(true).meta({
      description: 'Whether the old certificate stays until the new one has proved itself, in a place of its own.',
    }),
    announces: z.boolean().default(true).meta({
      description: 'Whether an individual enrollment is told of the new certificate (as secondary) before it is used.',
    }),
    validity: validity('How long the new one is valid, from a CA of the manufacturer.').default('P1Y'),
  })
  .meta({ description: 'What the device does before its certificate runs out; nothing where absent.' });

export type RenewalWords = z.output<typeof renewalSchema>;
