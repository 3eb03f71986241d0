import type { Transport } from '../history/events.ts';
import type { RegisterBody } from '../wire/dps-wire.ts';

/**
 * Calls the services without connections, for simulated fleets. The services make and record the same decisions as for
 * a request over a connection.
 */
export interface DirectAccess {
  register(call: DirectCall, body: RegisterBody): Promise<DirectAnswer>;
  /** Returns the state of a registration operation. */
  poll(call: DirectCall, operationId: string): Promise<DirectAnswer>;
  /**
   * Connects a device to a hub and sends one message. Returns undefined if the hub accepts the message; otherwise a
   * sentence with the reason for the refusal.
   */
  sendToHub(message: DirectMessage): string | undefined;
}

/** A request of a device to DPS. */
export interface DirectCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly transport: Transport;
  readonly apiVersion: string;
  readonly token: string | undefined;
  /** Network address of the device. */
  readonly from: string | undefined;
}

/** The answer of DPS to a request without a connection. */
export interface DirectAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
  /** True if an injected fault closes the connection and DPS sends no answer. */
  readonly dropped?: boolean;
}

/** A message of a device to its hub. */
interface DirectMessage {
  /** Host name. */
  readonly hub: string;
  readonly deviceId: string;
  readonly token: string | undefined;
  readonly from: string | undefined;
  readonly text: string;
}
