import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Transport } from '../../core/history/events.ts';
import type { HubProblem } from './hub-problems.ts';
import type { QueuedMessage } from './messages/message-queue.ts';

/** What a device may ask to be told. */
export type Interest = 'messages' | 'methods' | 'desired';

/** A call of a direct method, as it goes to the device. */
interface MethodCall {
  /** Names the call in the answer of the device. */
  readonly requestId: string;
  readonly methodName: string;
  /** JSON; null where the caller gave none. */
  readonly payload: unknown;
}

/**
 * The wire to one connected device, as a door offers it to the hub. The hub calls `deliver`, `desired` and `invoke` only
 * while the device listens to that.
 */
export interface DeviceLink {
  /** For the history. */
  readonly door: Transport;
  /** Whether what the device sends has its outcome before a fault that it orders ends the connection. */
  readonly answersFirst?: boolean;
  listens(to: Interest): boolean;
  /** The device settles it by `DeviceConnection.settle` with the lock token. */
  deliver(message: QueuedMessage): void;
  /** A change of the desired properties, with the `$version` that it makes. */
  desired(patch: JsonObject, version: number): void;
  invoke(call: MethodCall): void;
  /** The hub ends the connection. */
  close(reason: HubProblem): void;
}
