import { z } from 'zod';
import { checks, type CheckId } from '../../core/checks.ts';
import type { CountWord } from '../../core/deed-outcome.ts';

const count = (description: string) => z.int().min(0).optional().meta({ description });

const counts = {
  shipped: count('How many units the line shipped.'),
  scrapped: count('How many units the line scrapped.'),
  rejected: count('How many units the quality check rejected.'),
  offTheBooks: count('How many units were built beyond the order.'),
  overproduced: count('How many devices are in the audit trail and in no books of a line.'),
  unaudited: count('How many devices the service knows that the audit trail does not.'),
  scrappedButEnrolled: count('How many devices the service knows whose board was scrapped or rejected.'),
  impersonated: count('For how many identities the service took the attacker.'),
} satisfies Record<CountWord, z.ZodType>;

/** What must come out of a step in which stations and auditors decide. */
export const deedExpectations = {
  done: z.literal(true).optional().meta({ description: 'No station and no auditor decided against it.' }),
  caught: z
    .partialRecord(z.enum(Object.keys(checks) as [CheckId, ...CheckId[]]), z.int().min(0))
    .optional()
    .meta({ description: 'How many units the quality check rejected for which reason; none for any other.' }),
  ...counts,
};
