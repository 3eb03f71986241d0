import type { Millis } from '../../time/clock.ts';
import type { ServiceRecord, SignalFinding } from '../../history/events.ts';

/** A line of a service's log with its instant and its place among the events of the history. */
export interface LoggedRecord extends ServiceRecord {
  readonly at: Millis;
  readonly event: number;
}

/** What the people who run a service have: its logs, and what the factory handed over. */
export interface ServiceLogs {
  /** In the order in which they were written. */
  readonly records: readonly LoggedRecord[];
  /** Registration IDs of the audit trails, as keys; undefined where nobody wrote one. */
  readonly audited: ReadonlySet<string> | undefined;
}

/** Something in the books that an honest fleet does not do, or seldom. */
export interface Signal {
  readonly id: string;
  /** What is seen, in a sentence. */
  readonly summary: string;
  find(books: ServiceLogs): readonly Omit<SignalFinding, 'signal'>[];
}

/** The provisioning service in its log. */
export const dps = 'dps';
