import type { RegisterBody } from '../../core/wire/dps-wire.ts';

/** An open connection of a device to DPS. */
export interface DpsConnection {
  register(body: RegisterBody, token: string | undefined): Promise<WireAnswer>;
  poll(operationId: string, token: string | undefined): Promise<WireAnswer>;
  /** Requests an update before the registration. Only an HTTPS connection has this method. */
  requestUpdates?(body: object, token: string | undefined): Promise<WireAnswer>;
  /** Reports the installation of an update. */
  reportUpdate?(body: object, token: string | undefined): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** A response of a service. */
export interface WireAnswer {
  /** The HTTP status, or the status code in the MQTT topic. */
  readonly status: number;
  /** The body as parsed JSON; undefined if it is not JSON. */
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
}

/** Result of an attempt to open a connection to DPS. */
export type Opened =
  | { readonly kind: 'open'; readonly connection: DpsConnection }
  /** The device rejected the server. The history has the decision. */
  | { readonly kind: 'distrusted' }
  | { readonly kind: 'refused'; readonly sentence: string; readonly errorCode?: number };

/** Data for the login of a device at DPS. */
export interface DpsCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly apiVersion: string;
  /** Token that the device sends as the password over MQTT and AMQP. Over HTTPS, each request has its own token. */
  readonly token: string | undefined;
  /** TPM operations for the login. Only protocols with a login for TPM attestation use them. */
  readonly tpm?: TpmProof;
}

/** The TPM of a device during a login. Its keys are TPM2B_PUBLIC structures. */
export interface TpmProof {
  readonly endorsementKey: Buffer;
  readonly storageRootKey: Buffer;
  /** Activates the wrapped key in the TPM and returns a token signed with it; undefined if the TPM rejects the wrapped key. */
  answer(wrappedKey: Buffer): Promise<string | undefined>;
  /** True if the TPM rejected the wrapped key. The history has the decision. */
  readonly distrusts: boolean;
}

/** The service closed the connection. This is an outcome of an attempt, not a bug. */
export class ConnectionClosed extends Error {}

/** The server ended the connection in the TLS handshake, or later but before its first answer. The outcome of the attempt is a refusal. */
export class ConnectionRefused extends ConnectionClosed {}

/** Longest wait for a response, in real milliseconds. */
export const answerLimitMs = 30_000;

/** Parses a JSON text. Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
