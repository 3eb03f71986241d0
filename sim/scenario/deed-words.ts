import { z } from 'zod';
import { never } from '../../core/drill.ts';
import { signals } from '../../core/signals/index.ts';
import { duration } from './words.ts';
import { checks, type CheckId } from '../../core/checks.ts';
import type { CountWord, TimeWord } from '../../core/deed-outcome.ts';

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
  hurt: count('How many honest devices did not get into service any more at the end of a drill.'),
} satisfies Record<CountWord, z.ZodType>;

const time = (description: string) => z.union([z.literal(never), duration(description)]).optional();

const times = {
  outOfDps: time('Time from the defence until DPS took the attacker no more; PT0S for at once, or never.'),
  outOfHub: time('Time from the defence until no hub took the attacker any more; PT0S for at once, or never.'),
} satisfies Record<TimeWord, z.ZodType>;

/** A named check of `core/checks.ts`. */
export const checkWord = z.enum(Object.keys(checks) as [CheckId, ...CheckId[]]).meta({ list: 'checks', noun: 'check' });

/** What must come out of a step in which stations and auditors decide. */
export const deedExpectations = {
  done: z.literal(true).optional().meta({ description: 'No station and no auditor decided against it.' }),
  caught: z
    .partialRecord(checkWord, z.int().min(0))
    .optional()
    .meta({ description: 'How many units the quality check rejected for which reason; none for any other.' }),
  signals: z
    .array(z.enum(signals.map(({ id }) => id)).meta({ list: 'signals', noun: 'signal' }))
    .optional()
    .meta({ description: 'Which signals are found in the books of the service, and no others; [] for none.' }),
  ...counts,
  ...times,
};
