import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { parseInstant } from '../../../core/time/clock.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { deviceOperations, faultStatuses, type FaultEffect, type FaultRule } from '../../../core/cloud/faults.ts';
import { duration, instant } from './words.ts';

/** The settings of a fault, without the affected device. */
export const faultShape = {
  answer: z
    .literal(faultStatuses)
    .optional()
    .meta({ description: 'HTTP status of the answer, in place of the status that the service would send.' }),
  retryAfter: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .meta({ description: 'Seconds in Retry-After. Default: no such header.' }),
  drop: z
    .literal(true)
    .optional()
    .meta({ description: 'true: the service drops the connection in place of an answer.' }),
  delay: duration('Delay of the answer.').optional(),
  operation: z.enum(deviceOperations).optional().meta({ description: 'Kind of operation. Default: all.' }),
  nth: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'The fault affects only the nth of the calls that match the other conditions.' }),
  count: z.int().min(1).optional().meta({ description: 'The largest number of calls that the fault affects.' }),
  rate: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'Probability from 0 to 1 that the fault affects a call. The seed decides which calls.' }),
  from: instant('Start of the fault.').optional(),
  to: instant('End of the fault.').optional(),
};

/** Returns true if a fault has exactly one effect, and has `retryAfter` only together with `answer`. */
export function oneEffect(words: Pick<FaultWords, 'answer' | 'drop' | 'delay' | 'retryAfter'>): boolean {
  const effects = [words.answer, words.drop, words.delay].filter((word) => word !== undefined);
  return effects.length === 1 && (words.retryAfter === undefined || words.answer !== undefined);
}

export const oneEffectSentence = 'expected exactly one of answer, drop and delay; retryAfter needs answer';

type FaultWords = z.output<z.ZodObject<typeof faultShape>>;

/** Converts the settings of a fault into a rule for one registration ID, or for all devices if `registrationId` is undefined. */
export function faultRule(words: FaultWords, registrationId: string | undefined): FaultRule {
  const { operation, nth, count, rate } = words;
  const from = words.from === undefined ? undefined : parseInstant(words.from);
  const to = words.to === undefined ? undefined : parseInstant(words.to);
  return {
    effect: effectOf(words),
    ...defined({ registrationId, operation, nth, count, rate, from, to }),
  };
}

function effectOf({ answer, retryAfter, delay }: FaultWords): FaultEffect {
  if (answer !== undefined) {
    return { kind: 'answer', status: answer, ...defined({ retryAfterSeconds: retryAfter }) };
  }
  return delay === undefined ? { kind: 'drop' } : { kind: 'delay', delayMs: addDuration(0, delay) };
}
