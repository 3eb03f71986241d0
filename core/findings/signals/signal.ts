import type { Millis } from '../../time/clock.ts';
import type { ServiceRecord, SignalFinding } from '../../history/events.ts';

/** A record of a service log with its instant and its index among the events of the history. */
export interface LoggedRecord extends ServiceRecord {
  readonly at: Millis;
  readonly event: number;
}

/** The data of a service operator: the service logs, and the audit trails that the factory handed over. */
export interface ServiceLogs {
  /** Records in the order in which the services wrote them. */
  readonly records: readonly LoggedRecord[];
  /**
   * Registration IDs in the audit trails, in the form that `registrationKey` returns; undefined if no station wrote a trail.
   */
  readonly audited: ReadonlySet<string> | undefined;
}

/** A pattern in the service log that honest devices never or rarely cause. */
export interface Signal {
  readonly id: string;
  /** Describes the pattern in one sentence. */
  readonly summary: string;
  find(logs: ServiceLogs): readonly Omit<SignalFinding, 'signal'>[];
}

/** Name of the provisioning service in its log. */
export const dps = 'dps';
