import { z } from 'zod';
import { duration, forwardWords, instant, isForward, validity } from './words.ts';

/** Words of a CA that somebody else runs. All may be absent: a vendor that always answers at once. */
export const vendorWords = {
  quota: z.int().min(0).optional().meta({
    description: 'third-party: how many certificates were paid for; without end where absent.',
  }),
  perMinute: z.int().min(1).optional().meta({
    description: 'third-party: how many requests it takes in a minute before it answers 429; any where absent.',
  }),
  outage: z
    .strictObject({ from: instant('First instant at which it does not answer.'), to: instant('When it is back.') })
    .refine(isForward, forwardWords)
    .optional()
    .meta({ description: 'third-party: when nothing answers.' }),
  answers: z.enum(['as-asked', 'wrong-subject', 'slow']).optional().meta({
    description:
      'third-party: as-asked where absent; wrong-subject puts another name into each certificate, slow asks to come again after issueTime.',
  }),
  issueTime: duration('third-party, slow: how long a certificate takes; PT6H where absent.').optional(),
  leafValidity: validity('third-party: how long a certificate is valid; P1Y where absent.').optional(),
  renewsExpired: z.boolean().optional().meta({
    description: 'third-party: whether an expired certificate can still be renewed; no where absent.',
  }),
  signsProofs: z.boolean().optional().meta({
    description: "third-party: whether it signs a service's code to prove possession; yes where absent.",
  }),
};

export type VendorWords = z.output<z.ZodObject<typeof vendorWords>>;
