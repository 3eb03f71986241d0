import type { Transport } from '../history/events.ts';
import type { Millis } from '../time/clock.ts';

/** One event that a lab records about a client. */
export type WireEvent = WireEventData & {
  /** Milliseconds since the start of the lab. */
  readonly at: Millis;
};

/**
 * The data of an event, by kind. `connection` counts the TLS connections of a lab from 1; 0 means an unknown
 * connection.
 */
export type WireEventData =
  /** The runner starts the client. `boot` is the number of this start, from 1. */
  | { readonly kind: 'started'; readonly boot: number }
  /** The client ended. `how` is its exit code or signal; `byRunner` is true if the runner ended it. */
  | { readonly kind: 'ended'; readonly boot: number; readonly how: string; readonly byRunner: boolean }
  /** The runner acts on the client or on the lab, for example with a power cut. */
  | { readonly kind: 'act'; readonly act: string }
  /** The first message of a TLS handshake. Versions and suites are in the order of the client. */
  | {
      readonly kind: 'hello';
      readonly serverName?: string;
      readonly versions: readonly string[];
      /** True if the ClientHello lists all its versions. Otherwise `versions` contains only the newest version. */
      readonly hasVersionList: boolean;
      readonly suites: readonly string[];
    }
  | ({ readonly kind: 'opened'; readonly connection: number } & Handshake)
  | { readonly kind: 'handshake-failed'; readonly reason: string }
  | { readonly kind: 'closed'; readonly connection: number }
  /** The client sends its first bytes over AMQP. The lab does not record AMQP frames. */
  | { readonly kind: 'bytes'; readonly connection: number }
  | ({ readonly kind: 'connect'; readonly connection: number } & Connect)
  | {
      readonly kind: 'connack';
      readonly connection: number;
      readonly code: number;
      readonly sessionPresent: boolean;
    }
  | { readonly kind: 'subscribe'; readonly connection: number; readonly filters: readonly Filter[] }
  | ({ readonly kind: 'publish'; readonly connection: number; readonly from: 'client' | 'service' } & Publish)
  | { readonly kind: 'puback'; readonly connection: number; readonly from: 'client' | 'service'; readonly id: number }
  | { readonly kind: 'disconnect'; readonly connection: number }
  /** The client sends an MQTT packet of another version than 3.1.1 or 5, or a packet whose encoding is not valid. */
  | { readonly kind: 'unreadable'; readonly connection: number; readonly reason: string }
  /**
   * The client sends an HTTP request that is not a request of the device API of DPS, for example telemetry to a hub.
   */
  | {
      readonly kind: 'http';
      readonly connection: number;
      readonly method: string;
      readonly host: string;
      readonly path: string;
      readonly bytes: number;
      readonly status: number;
      readonly token?: TokenFacts;
    }
  | ({ readonly kind: 'dps-request'; readonly connection: number } & DpsRequest)
  | ({ readonly kind: 'dps-answer'; readonly connection: number } & DpsAnswer);

interface Handshake {
  readonly transport: Transport;
  readonly serverName?: string;
  readonly version: string;
  readonly suite: string;
  /** The certificates of the client, leaf first. */
  readonly chain: readonly ChainLink[];
}

/** A certificate in a handshake. */
export interface ChainLink {
  readonly subject: string;
  readonly commonName: string;
  /** SHA-256 of the certificate, in hexadecimal. */
  readonly thumbprint: string;
  /** SHA-256 of the public key, in hexadecimal. */
  readonly key: string;
  /** Validity as instants in milliseconds since 1970. */
  readonly notBefore: Millis;
  readonly notAfter: Millis;
}

export interface Connect {
  readonly service: 'dps' | 'hub' | 'unknown';
  readonly transport: Transport;
  /** Protocol level of MQTT: 4 for 3.1.1, 5 for 5.0. */
  readonly level: number;
  readonly clientId: string;
  readonly userName: string;
  /** Host in the user name as the client wrote it, without a port. Absent if the client connects to DPS. */
  readonly host?: string;
  /** Registration ID or device ID in the user name. */
  readonly identity?: string;
  readonly module?: string;
  readonly apiVersion?: string;
  readonly clean: boolean;
  readonly keepAliveSeconds: number;
  readonly password: 'absent' | 'empty' | 'token' | 'other';
  readonly token?: TokenFacts;
  readonly hasWill: boolean;
}

/** The fields of a shared access signature, without the signature itself. */
export interface TokenFacts {
  /** The resource `sr`, decoded. */
  readonly resource: string;
  /** Expiry `se` as an instant in milliseconds since 1970. */
  readonly expiresAt: Millis;
  readonly keyName?: string;
  /**
   * True if a key of the device made the signature. Absent if the lab does not know the key, for example the key of a
   * TPM.
   */
  readonly isSigned?: boolean;
}

interface Filter {
  readonly filter: string;
  readonly qos: number;
}

interface Publish {
  readonly topic: string;
  readonly qos: number;
  readonly bytes: number;
  /** The packet identifier. Absent at QoS 0. */
  readonly id?: number;
  /** The payload as UTF-8, at most `textLimit` characters. */
  readonly text: string;
}

/** A request of the device API of DPS, over any transport. */
export interface DpsRequest {
  readonly operation: 'register' | 'poll' | 'lookup';
  readonly transport: Transport;
  /** Registration ID of the path (HTTPS), the user name (MQTT) or the link (AMQP). */
  readonly registrationId: string;
  readonly apiVersion: string;
  /** Request ID in the topic (MQTT). */
  readonly rid?: string;
  /** ID of the operation that the device polls. */
  readonly operationId?: string;
  /** JSON of the body. Absent if the request has no body, or if the body is not JSON. */
  readonly body?: unknown;
  readonly bytes: number;
  readonly hasToken: boolean;
  readonly token?: TokenFacts;
  /** Content of the certificate signing request in the body. Absent if the body has none. */
  readonly csr?: CsrFacts;
}

/** The content of a certificate signing request, as the conformance statements check it. */
export interface CsrFacts {
  readonly isBase64Der: boolean;
  readonly commonNames: readonly string[];
  /** Kind of the public key, such as `EC P-384` or `RSA 2048`. */
  readonly keyKind: string;
  /** SHA-256 of the public key, in hexadecimal. */
  readonly key: string;
  readonly isSignedByItsKey: boolean;
}

interface DpsAnswer {
  readonly operation: DpsRequest['operation'];
  readonly rid?: string;
  /** HTTP status; 0 if the lab closed the connection without an answer. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** JSON of the body. Absent if the body is not JSON. */
  readonly body?: unknown;
}

/** Maximum number of characters of a payload in the record. */
export const textLimit = 4000;
