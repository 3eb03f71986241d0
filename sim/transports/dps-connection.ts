import type { RegisterBody } from '../../core/wire/dps-wire.ts';

/** An open connection of a device to DPS. */
export interface DpsConnection {
  register(body: RegisterBody, token: string | undefined): Promise<WireAnswer>;
  poll(operationId: string, token: string | undefined): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** An answer of the service. */
export interface WireAnswer {
  /** The HTTP status, or the status in the MQTT topic. */
  readonly status: number;
  /** Parsed JSON; undefined if the body is not JSON. */
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
}

/** The outcome of opening a connection. */
export type Opened =
  | { readonly kind: 'open'; readonly connection: DpsConnection }
  /** The device rejected the server; the decision is in the history. */
  | { readonly kind: 'distrusted' }
  | { readonly kind: 'refused'; readonly sentence: string; readonly errorCode?: number };

/** The login of a device at DPS. */
export interface DpsCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly apiVersion: string;
  /** The password over MQTT and AMQP. Over HTTPS each request has its own. */
  readonly token: string | undefined;
  /** The login of a TPM, for protocols that have one. */
  readonly tpm?: TpmProof;
}

/** A device's TPM during a login. Keys are TPM2B_PUBLIC. */
export interface TpmProof {
  readonly endorsementKey: Buffer;
  readonly storageRootKey: Buffer;
  /** Activates the wrapped key in the TPM and signs a token with it. Undefined if the TPM rejects the key. */
  answer(wrappedKey: Buffer): Promise<string | undefined>;
  /** True if the TPM rejected the key; the decision is in the history. */
  readonly distrusts: boolean;
}

/** The service closed the connection: an outcome of an attempt, not a bug. */
export class ConnectionClosed extends Error {}

/** Real milliseconds until an answer must arrive. */
export const answerLimitMs = 30_000;

/** Returns the value of a JSON text, or undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
