import { z } from 'zod';
import { type CheckId, checks } from '../../core/checks.ts';
import { parties } from '../../core/history/events.ts';

const path = z.array(z.union([z.string(), z.number()])).min(1);
const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const breakpoints = z.strictObject({
  parties: z.array(z.enum(parties)),
  checks: z.array(z.enum(Object.keys(checks) as [CheckId, ...CheckId[]])),
  steps: z.array(z.int().min(0)),
});
const pace = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('at-once') }),
  z.strictObject({ kind: z.literal('by-event'), millisPerEvent: z.number().min(1000).max(60_000) }),
  z.strictObject({ kind: z.literal('by-time'), millisPerSecond: z.number().min(1000) }),
  z.strictObject({ kind: z.literal('step-by-step') }),
]);

/** The shapes of request bodies (reports/html/studio-api.ts). */
export const requests = {
  check: z.strictObject({ file: z.string(), text: z.string(), id: z.string().optional() }),
  choose: z.strictObject({ text: z.string(), path, value }),
  offer: z.strictObject({ file: z.string(), before: z.string(), text: z.string(), id: z.string(), path }),
  complete: z.strictObject({ text: z.string(), offset: z.int().min(0) }),
  save: z.strictObject({ file: z.string(), text: z.string(), digest: z.string() }),
  play: z.strictObject({
    file: z.string(),
    text: z.string(),
    id: z.string(),
    seed: z.string().min(1).max(100).optional(),
    pace,
    breakpoints,
  }),
  do: z.strictObject({
    do: z.enum(['pause', 'resume', 'step', 'stop']),
    pace: pace.optional(),
    breakpoints: breakpoints.optional(),
  }),
  act: z.strictObject({ step: z.unknown() }),
  audience: z.strictObject({
    play: z.int().min(0).optional(),
    isRevealed: z.boolean().optional(),
    beside: z.int().min(0).optional(),
    card: z
      .strictObject({ title: z.string().max(500), text: z.string().max(2000) })
      .nullable()
      .optional(),
    bet: z
      .strictObject({
        question: z.string().max(500),
        options: z.array(z.strictObject({ text: z.string().max(200), hands: z.int().min(0) })).max(6),
        answer: z.int().min(0).max(5).optional(),
      })
      .nullable()
      .optional(),
  }),
};
