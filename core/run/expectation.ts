import type { CheckId } from '../checks.ts';
import type { CountWord, TimeWord } from '../findings/step-result.ts';

/** What the author of a scenario says must come out of a step. Every word that is present must hold. */
export interface Expectation
  extends Partial<Readonly<Record<CountWord, number>>>, Partial<Readonly<Record<TimeWord, string>>> {
  /** Name of the hub, or `true` for any. */
  readonly assigned?: string | true;
  /** The check that decides against, or `true` for any. */
  readonly refused?: CheckId | true;
  /** No station and no auditor decided against it. */
  readonly done?: true;
  /** Units that the quality check rejected, by the check that decided; no others. */
  readonly caught?: Readonly<Partial<Record<CheckId, number>>>;
  /** Signals that somebody finds who looks for them, and no others. */
  readonly signals?: readonly string[];
  readonly errorCode?: number;
  readonly hub?: string;
  readonly deviceId?: string;
  readonly substatus?: string;
  readonly telemetry?: 'accepted' | 'refused' | 'none';
  readonly attempts?: number;
  /** ISO 8601 duration that the attempt took at most. */
  readonly within?: string;
}
