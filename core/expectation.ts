import type { CheckId } from './checks.ts';

/** What the author of a scenario says must come out of a step. Every word that is present must hold. */
export interface Expectation {
  /** Name of the hub, or `true` for any. */
  readonly assigned?: string | true;
  /** The check that decides against, or `true` for any. */
  readonly refused?: CheckId | true;
  readonly errorCode?: number;
  readonly hub?: string;
  readonly deviceId?: string;
  readonly substatus?: string;
  readonly telemetry?: 'accepted' | 'refused' | 'none';
  readonly attempts?: number;
}
