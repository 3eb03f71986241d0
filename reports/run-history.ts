import { z } from 'zod';
import type { Playback } from './playback.ts';

const kinds = ['pass', 'fail', 'unknown', 'skipped'] as const;

/** The part of the results of an earlier run that a trend needs. */
export const pastRunShape = z.object({
  schemaVersion: z.literal(1),
  seed: z.string(),
  complete: z.boolean(),
  /** Verdict and real milliseconds of each scenario, by its ID. */
  scenarios: z.record(z.string(), z.tuple([z.enum(kinds), z.number()])),
});

export type PastRun = z.infer<typeof pastRunShape>;

/** Returns a run in the short form that the history keeps: about 80 bytes for each scenario. */
export function pastRunOf({ seed, complete, played }: Playback): PastRun {
  return {
    schemaVersion: 1,
    seed,
    complete,
    scenarios: Object.fromEntries(played.map(({ run }) => [run.id, [run.verdict.kind, Math.round(run.wallMs)]])),
  };
}
