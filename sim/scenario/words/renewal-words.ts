import { z } from 'zod';
import { interval, reference, validity } from './words.ts';

/** Settings for the renewal of the certificate that a device presents to the hub. */
export const renewalSchema = z
  .strictObject({
    from: z.union([reference('ca', 'CA that signs the next certificate.'), z.enum(['dps', 'hub'])]).meta({
      description:
        "Source of the next certificate: a vendor's CA over EST; a CA of the manufacturer, through the hub (over the air); dps, by registering again with a signing request; or hub, by a signing request over MQTT to the hub, without a registration.",
    }),
    at: z.number().min(0.05).max(0.99).default(0.66).meta({
      description:
        'Start of the renewal, as a fraction of the validity of the certificate, by the clock of the device.',
    }),
    retry: interval(
      'Wait after a failed renewal, at least an hour. It doubles after each further failure, and varies at random by up to half of its length.',
    ).default('P1D'),
    keepsOld: z.boolean().default(true).meta({
      description: 'true: the device keeps the old certificate until the new one has worked.',
    }),
    announces: z.boolean().default(true).meta({
      description:
        'true: the individual enrollment gets the new certificate, as secondary certificate, before the device uses this certificate.',
    }),
    whenActive: z.enum(['replace', 'wait', 'give-up']).default('replace').meta({
      description:
        'For `from: hub`: reaction if an older request of the device is still active. replace: the new request cancels it; wait: the hub answers 409 and the device tries again later; give-up: the device never renews again after a 409.',
    }),
    validity: validity('Validity of the new certificate, from a CA of the manufacturer.').default('P1Y'),
  })
  .meta({ description: 'Renewal of the certificate before it expires. Default: none.' });

export type RenewalWords = z.output<typeof renewalSchema>;
