import type { DecisionTrace } from '../../../core/history/decision.ts';

/** A request to the service API whose sender may ask it. */
export interface AdminRequest {
  /** JSON of the body; undefined where there was none. */
  readonly json: unknown;
  readonly ifMatch: string | undefined;
  /** Headers of a query, as written. */
  readonly maxItemCount: string | undefined;
  readonly continuation: string | undefined;
  readonly trace: DecisionTrace;
}
