import type { Millis } from '../../core/time/clock.ts';
import type { Telemetry } from '../hub/messages/hub-message.ts';

/** A message of a device in a partition of the event log. */
export interface StoredEvent {
  /** 0 for the first event of the partition, then one more for each. */
  readonly sequenceNumber: number;
  /** Bytes of the partition before this event. Clients see it as text. */
  readonly offset: number;
  readonly enqueuedAt: Millis;
  /** What the event counts against the size limit of the log, in bytes. */
  readonly size: number;
  readonly message: Telemetry;
}
