import type { PartState } from './part.ts';

/** The result of `rehearse doctor`, as `--json` prints it. */
export interface Diagnosis {
  /** True if `rehearse run` can give every result here. */
  readonly ok: boolean;
  readonly rehearsal: string;
  readonly platform: string;
  readonly parts: readonly PartState[];
}
