import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { parseInstant } from '../../../core/time/clock.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { deviceOperations, faultStatuses, type FaultEffect, type FaultRule } from '../../../core/cloud/faults.ts';
import { duration, instant } from './words.ts';

/** The words of a fault but for whom it strikes. */
export const faultShape = {
  answer: z.literal(faultStatuses).optional().meta({ description: 'Status to answer with in place of the service.' }),
  retryAfter: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .meta({ description: 'Seconds that the answer asks to wait; where absent it does not say.' }),
  drop: z.literal(true).optional().meta({ description: 'The connection is cut in place of an answer.' }),
  delay: duration('How long the answer is held up.').optional(),
  operation: z.enum(deviceOperations).optional().meta({ description: 'Which kind of call; all where absent.' }),
  nth: z.int().min(1).optional().meta({ description: 'Only the nth of the calls that the other words let through.' }),
  count: z.int().min(1).optional().meta({ description: 'How often it strikes at most.' }),
  rate: z.number().min(0).max(1).optional().meta({ description: 'Chance for each call, fixed by the seed.' }),
  from: instant('From when on it strikes.').optional(),
  to: instant('Until when it strikes.').optional(),
};

/** Exactly one effect, and no wait without an answer that could ask for it. */
export function oneEffect(words: Pick<FaultWords, 'answer' | 'drop' | 'delay' | 'retryAfter'>): boolean {
  const effects = [words.answer, words.drop, words.delay].filter((word) => word !== undefined);
  return effects.length === 1 && (words.retryAfter === undefined || words.answer !== undefined);
}

export const oneEffectSentence = 'expected exactly one of answer, drop and delay; retryAfter goes with answer';

type FaultWords = z.output<z.ZodObject<typeof faultShape>>;

/** The rule that the words make for a device, or for all where there is none. */
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
