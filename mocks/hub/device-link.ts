import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Transport } from '../../core/history/events.ts';
import type { HubProblem } from './hub-problems.ts';
import type { QueuedMessage } from './messages/message-queue.ts';

/** The notifications to which a device can subscribe. */
export type Interest = 'messages' | 'methods' | 'desired';

/** A direct method call to a device. */
interface MethodCall {
  /** Identifies the call in the answer of the device. */
  readonly requestId: string;
  readonly methodName: string;
  /** JSON; null if the caller passed none. */
  readonly payload: unknown;
}

/**
 * The link to one connected device, which a listener implements for the hub. The hub calls `deliver`, `desired` and `invoke` only
 * while the device is subscribed to them.
 */
export interface DeviceLink {
  /** For the history. */
  readonly transport: Transport;
  /** True if a message that injects a fault is answered before the fault ends the connection. */
  readonly answersFirst?: boolean;
  listens(to: Interest): boolean;
  /** Delivers a message. The device settles it with its lock token by `DeviceConnection.settle`. */
  deliver(message: QueuedMessage): void;
  /** Sends a change of the desired properties with the new `$version`. */
  desired(patch: JsonObject, version: number): void;
  invoke(call: MethodCall): void;
  /** Closes the connection on behalf of the hub. */
  close(reason: HubProblem): void;
}
