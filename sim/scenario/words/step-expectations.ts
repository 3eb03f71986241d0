import { z } from 'zod';
import { never } from '../../../core/history/events.ts';
import { signals } from '../../../core/findings/signals/index.ts';
import { duration } from './words.ts';
import { checks, type CheckId } from '../../../core/checks.ts';
import type { CountWord, TimeWord } from '../../../core/findings/step-result.ts';

const count = (description: string) => z.int().min(0).optional().meta({ description });

const counts = {
  shipped: count('How many units the line shipped.'),
  scrapped: count('How many units the line scrapped.'),
  rejected: count('How many units the quality check rejected.'),
  offTheBooks: count('How many surplus units were built beyond the order.'),
  overproduced: count('How many devices are in the audit trail but in no production record of a line.'),
  unaudited: count('How many devices the service knows that are not in the audit trail.'),
  scrappedButEnrolled: count('How many devices the service knows whose board was scrapped or rejected.'),
  impersonated: count('How many identities the service accepted the attacker for.'),
  hurt: count('How many honest devices cannot get into service at the end of a drill.'),
} satisfies Record<CountWord, z.ZodType>;

const time = (description: string) => z.union([z.literal(never), duration(description)]).optional();

const times = {
  outOfDps: time('Time from the defence until DPS rejects the attacker; PT0S if at once, or never.'),
  outOfHub: time('Time from the defence until every hub rejects the attacker; PT0S if at once, or never.'),
} satisfies Record<TimeWord, z.ZodType>;

/** A named check of `core/checks.ts`. */
export const checkWord = z.enum(Object.keys(checks) as [CheckId, ...CheckId[]]).meta({ list: 'checks', noun: 'check' });

/** What must come out of a step in which stations and auditors decide. */
export const stepExpectations = {
  done: z.literal(true).optional().meta({ description: 'true: no station and no auditor decided against the step.' }),
  caught: z
    .partialRecord(checkWord, z.int().min(0))
    .optional()
    .meta({ description: 'How many units the quality check rejected, by check; none by any other check.' }),
  signals: z
    .array(z.enum(signals.map(({ id }) => id)).meta({ list: 'signals', noun: 'signal' }))
    .optional()
    .meta({ description: 'Which signals are found in the service log, and no others; [] for none.' }),
  ...counts,
  ...times,
};
