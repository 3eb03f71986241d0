import { z } from 'zod';
import { duration, forwardWords, instant, isForward, validity } from './words.ts';

/** Settings of a CA that a vendor operates. Without any of them, the vendor always answers at once. */
export const vendorWords = {
  quota: z.int().min(0).optional().meta({
    description: 'third-party: number of certificates that the manufacturer has paid for. Default: unlimited.',
  }),
  perMinute: z.int().min(1).optional().meta({
    description: 'third-party: requests per minute above which the vendor answers 429. Default: unlimited.',
  }),
  outage: z
    .strictObject({ from: instant('Start of the outage.'), to: instant('End of the outage.') })
    .refine(isForward, forwardWords)
    .optional()
    .meta({ description: 'third-party: an outage, during which the vendor does not answer.' }),
  answers: z.enum(['as-asked', 'wrong-subject', 'slow']).optional().meta({
    description:
      'third-party: how the vendor answers. wrong-subject: each certificate has another name; slow: the vendor answers that the certificate is ready after issueTime. Default: as-asked.',
  }),
  issueTime: duration('third-party, slow: time until a certificate is ready. Default: PT6H.').optional(),
  leafValidity: validity('third-party: validity of a certificate. Default: P1Y.').optional(),
  renewsExpired: z.boolean().optional().meta({
    description: 'third-party: true if an expired certificate can still be renewed. Default: false.',
  }),
  signsProofs: z.boolean().optional().meta({
    description:
      'third-party: false if the vendor does not sign the verification codes that prove possession of the CA key. Default: true.',
  }),
};

export type VendorWords = z.output<z.ZodObject<typeof vendorWords>>;
