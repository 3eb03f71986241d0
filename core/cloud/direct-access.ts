import type { Transport } from '../history/events.ts';
import type { RegisterBody } from '../wire/dps-wire.ts';

/** Calls of the services without connections, for fleets of the tier `core`. The services decide and record as for a connection. */
export interface DirectAccess {
  register(call: DirectCall, body: RegisterBody): Promise<DirectAnswer>;
  /** Answers the state of an operation. */
  poll(call: DirectCall, operationId: string): Promise<DirectAnswer>;
  /** Connects a device to a hub and sends one message. Returns undefined if the hub accepts it, else a sentence. */
  sendToHub(message: DirectMessage): string | undefined;
}

/** A request of a device at DPS. */
export interface DirectCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly transport: Transport;
  readonly apiVersion: string;
  readonly token: string | undefined;
  /** Network address of the device. */
  readonly from: string | undefined;
}

/** The answer of DPS. */
export interface DirectAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
  /** True if a fault cuts the connection instead of an answer. */
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
