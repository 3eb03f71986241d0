import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Transport } from '../../core/history/events.ts';
import type { HubProblem } from './hub-problems.ts';
import type { QueuedMessage } from './messages/message-queue.ts';

/** The notifications to which a device can subscribe. */
export type Interest = 'messages' | 'methods' | 'desired' | 'credentials';

/** A direct method call to a device. */
interface MethodCall {
  /** ID of the call. The answer of the device contains it. */
  readonly requestId: string;
  readonly methodName: string;
  /** JSON value; null if the caller passed none. */
  readonly payload: unknown;
}

/** An answer to a certificate request. */
export interface CredentialAnswer {
  readonly status: number;
  /** The `$rid` of the request. */
  readonly rid: string;
  readonly body: JsonObject;
}

/**
 * The link to one connected device. A listener implements it for the hub. The hub calls `deliver`, `desired` and `invoke` only
 * while the device is subscribed to these notifications.
 */
export interface DeviceLink {
  /** For the history. */
  readonly transport: Transport;
  /** True if the listener first answers a message that injects a fault, and then ends the connection. */
  readonly answersFirst?: boolean;
  listens(to: Interest): boolean;
  /** Delivers a message. To settle it, the listener passes its lock token to `DeviceConnection.settle`. */
  deliver(message: QueuedMessage): void;
  /** Sends a change of the desired properties, with their new `$version`. */
  desired(patch: JsonObject, version: number): void;
  invoke(call: MethodCall): void;
  /** Sends an answer to a certificate request. Only MQTT has such requests. */
  answerCredential?(answer: CredentialAnswer): void;
  /** Closes the connection, because the hub decided to end it. */
  close(reason: HubProblem): void;
}
