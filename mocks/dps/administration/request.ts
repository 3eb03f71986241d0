import type { DecisionTrace } from '../../../core/history/decision.ts';

/** An authorized request to the service API. */
export interface AdminRequest {
  /** JSON of the body; undefined if the request has no body. */
  readonly json: unknown;
  readonly ifMatch: string | undefined;
  /** Headers of a query, as the client sent them. */
  readonly maxItemCount: string | undefined;
  readonly continuation: string | undefined;
  readonly trace: DecisionTrace;
}
