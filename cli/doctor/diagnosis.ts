import type { PartState } from './part.ts';

/** The result of `rehearse doctor`, as `--json` prints it. */
export interface Diagnosis {
  /** True if every part that `rehearse run` needs is present. */
  readonly ok: boolean;
  readonly rehearsal: string;
  readonly platform: string;
  readonly parts: readonly PartState[];
}
