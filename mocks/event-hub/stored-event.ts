import type { Millis } from '../../core/time/clock.ts';
import type { Telemetry } from '../hub/messages/hub-message.ts';

/** A message of a device that is stored in a partition. */
export interface StoredEvent {
  /** Position of the event in the partition. The first event has 0, and each next event has 1 more. */
  readonly sequenceNumber: number;
  /** Number of bytes in the partition before this event. Clients receive it as text. */
  readonly offset: number;
  readonly enqueuedAt: Millis;
  /** Size of the event in bytes, as the retention limit counts it. */
  readonly size: number;
  readonly message: Telemetry;
}
