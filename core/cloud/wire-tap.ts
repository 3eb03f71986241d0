import type { Duplex } from 'node:stream';
import type { ClientHello } from '../wire/tls/client-hello.ts';
import type { Transport } from '../history/events.ts';

/**
 * Observes the connections of a cloud from its side of the wire, and may change what goes over them. `rehearse conform` uses a tap to
 * provoke and to judge the behaviour of a client.
 */
export interface WireTap {
  /** Is called for each finished TLS handshake, before the first byte. */
  opened(connection: TappedConnection): ConnectionTap;
  /** Is called for each ClientHello, before the handshake. */
  helloRead(hello: ClientHello): void;
  /** Is called for each TLS handshake that fails. @param reason the error of OpenSSL or of the system. */
  handshakeFailed(reason: string): void;
  /** Is called for each request of the device API over AMQP. Returns the answer for the client. */
  overAmqp(request: TappedDpsRequest, answer: TappedDpsAnswer): TappedDpsAnswer;
}

/** A connection after its TLS handshake. */
export interface TappedConnection {
  readonly transport: Transport;
  /** Server name that the client sent in its ClientHello (SNI). Undefined if it sent none. */
  readonly serverName: string | undefined;
  /** Such as `TLSv1.2`. */
  readonly version: string;
  /** Name of the cipher suite in OpenSSL. */
  readonly suite: string;
  /** The certificates of the client in DER, leaf first. */
  readonly certificates: readonly Buffer[];
}

/** The tap of one connection. */
export interface ConnectionTap {
  /** Returns the stream that the listener reads instead of the stream of the client. @param transport with or without a WebSocket. */
  stream(transport: Transport, stream: Duplex): Duplex;
  /** Returns the reply for the client. @param answer returns the reply of the service. */
  exchange(request: TappedHttpRequest, answer: () => Promise<TappedHttpReply>): Promise<TappedHttpReply>;
  /** Is called once when the connection has ended. */
  closed(): void;
}

export interface TappedHttpRequest {
  readonly method: string;
  /** The Host header in lower case, without its port. */
  readonly host: string;
  /** The request target as the client sent it. */
  readonly url: string;
  /** Headers by their name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined if the body is too large, or if it is read as a stream. */
  readonly body: Buffer | undefined;
}

export interface TappedHttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of the body. Default: no body. */
  readonly body?: unknown;
  /** The body as bytes. It replaces `body`. */
  readonly raw?: Buffer;
  /** True if the listener closes the connection without an answer. */
  readonly dropped?: true;
}

/** A request of the device API of DPS. */
export interface TappedDpsRequest {
  readonly operation: 'register' | 'poll' | 'lookup';
  readonly registrationId: string;
  readonly apiVersion: string;
  /** The operation of a poll. */
  readonly operationId?: string;
  readonly token?: string;
  /** JSON of the body. Absent in a poll. */
  readonly body?: unknown;
}

/** An answer of the device API of DPS. */
export interface TappedDpsAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body: unknown;
}
