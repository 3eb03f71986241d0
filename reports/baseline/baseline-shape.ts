import { z } from 'zod';

/** The fields of the outcome of a registration attempt that a baseline compares. */
const outcome = z.strictObject({
  device: z.string(),
  outcome: z.enum(['assigned', 'refused', 'failed']),
  hub: z.string().exactOptional(),
  check: z.string().exactOptional(),
  errorCode: z.int().exactOptional(),
  /** The values that the check compared, in words. A baseline file does not contain these values, because they change every day. */
  why: z.string().exactOptional(),
  /** Number of consecutive attempts with this outcome; omitted for one attempt. */
  visits: z.int().min(1).exactOptional(),
});

const entry = z.strictObject({
  verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']),
  /** Name of the variant, such as `validity=P90D`; absent without a matrix, and in a baseline of an earlier version. */
  variant: z.string().exactOptional(),
  /** Number of the matrix entry in the file, from 1. */
  row: z.int().min(1).exactOptional(),
  /** Real milliseconds; absent if the baseline has no durations. */
  wallMs: z.number().min(0).exactOptional(),
  covers: z.array(z.string()).exactOptional(),
  outcomes: z.array(outcome),
});

/** Shape of a baseline: the accepted results of a suite. */
export const baselineShape = z.strictObject({
  baseline: z.literal(1),
  scenarios: z.record(z.string(), entry),
});

export type Baseline = z.output<typeof baselineShape>;
export type BaselineEntry = z.output<typeof entry>;
export type BaselineOutcome = z.output<typeof outcome>;
