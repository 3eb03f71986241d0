import type { Transport } from '../history/events.ts';
import type { Result } from '../result.ts';
import type { RegisterBody } from '../wire/dps-wire.ts';

/**
 * Calls the services without connections, for simulated fleets and quiet renewals. The services make and record the same decisions as for
 * a request over a connection.
 */
export interface DirectAccess {
  register(call: DirectCall, body: RegisterBody): Promise<DirectAnswer>;
  /** Returns the state of a registration operation. */
  poll(call: DirectCall, operationId: string): Promise<DirectAnswer>;
  /** Connects a device to a hub, which ends an older connection of the device. Fails if the hub rejects the device. */
  connectToHub(login: DirectLogin): Result<DirectHubConnection>;
}

/** A request of a device to DPS. */
export interface DirectCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly transport: Transport;
  readonly apiVersion: string;
  readonly token: string | undefined;
  /** Certificates of the device in DER, leaf first; empty if the device has none. The caller guarantees that the device has the key. */
  readonly certificates: readonly Buffer[];
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

/** The credential of a device at its hub. */
export interface DirectLogin {
  /** Host name. */
  readonly hub: string;
  readonly deviceId: string;
  readonly token: string | undefined;
  /** Certificates of the device in DER, leaf first; empty if the device has none. The caller guarantees that the device has the key. */
  readonly certificates: readonly Buffer[];
  readonly from: string | undefined;
}

/** A session of a device at a hub, subscribed to the answers to certificate requests. */
export interface DirectHubConnection {
  /** Sends one message. Returns true if the hub accepted it, and false if the hub has ended the session. */
  send(text: string): Promise<boolean>;
  /**
   * Requests a certificate. Returns false if the hub has ended the session.
   * @param body JSON with the members `id`, `csr` and `replace`.
   */
  requestCertificate(rid: string, body: string): boolean;
  /** Removes and returns the oldest answer; undefined if none has arrived. */
  takeAnswer(): DirectCertificateAnswer | undefined;
  close(): void;
}

/** An answer of a hub to a certificate request. */
interface DirectCertificateAnswer {
  /** The `$rid` of the request. */
  readonly rid: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
