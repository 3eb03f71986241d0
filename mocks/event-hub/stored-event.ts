import type { Millis } from '../../core/time/clock.ts';
import type { Telemetry } from '../hub/messages/hub-message.ts';

/** A device's message in a partition. */
export interface StoredEvent {
  /** 0 for the first event of the partition, then increasing by 1. */
  readonly sequenceNumber: number;
  /** Number of bytes in the partition before this event. Clients get it as text. */
  readonly offset: number;
  readonly enqueuedAt: Millis;
  /** Size of the event in bytes, as the retention limit counts it. */
  readonly size: number;
  readonly message: Telemetry;
}
