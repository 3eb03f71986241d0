import type { RegisterBody } from '../../core/wire/dps-wire.ts';

/** An open way from a device to DPS. */
export interface DpsConnection {
  register(body: RegisterBody, token: string | undefined): Promise<WireAnswer>;
  poll(operationId: string, token: string | undefined): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** What came back, unjudged. */
export interface WireAnswer {
  /** HTTP status, or the status in the MQTT topic. */
  readonly status: number;
  /** Parsed JSON; undefined where it was none. */
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
}

/** What opening may come to. */
export type Opened =
  | { readonly kind: 'open'; readonly connection: DpsConnection }
  /** The device itself did not want to go on; its decision is in the history. */
  | { readonly kind: 'distrusted' }
  | { readonly kind: 'refused'; readonly sentence: string; readonly errorCode?: number };

/** Who opens a connection, and as whom. */
export interface DpsCall {
  readonly idScope: string;
  readonly registrationId: string;
  readonly apiVersion: string;
  /** The password over MQTT and AMQP; over HTTPS each request carries its own. */
  readonly token: string | undefined;
  /** What a TPM logs in with, where the wire has a login of its own for it. */
  readonly tpm?: TpmProof;
}

/** A device's TPM as a login needs it. Keys are TPM2B_PUBLIC. */
export interface TpmProof {
  readonly endorsementKey: Buffer;
  readonly storageRootKey: Buffer;
  /** Lets the TPM take the wrapped key and sign a token with it; undefined where it would not. */
  answer(wrappedKey: Buffer): Promise<string | undefined>;
  /** Whether the TPM would not: the decision is in the history. */
  readonly distrusts: boolean;
}

/** The other side hung up; an outcome of an attempt, not a bug. */
export class ConnectionClosed extends Error {}

/** Real milliseconds that an answer may take. */
export const answerLimitMs = 30_000;

/** JSON, or undefined where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
