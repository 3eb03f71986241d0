import type { Duplex } from 'node:stream';
import type { ClientHello } from '../wire/tls/client-hello.ts';
import type { Transport } from '../history/events.ts';

/**
 * Observes the connections of clients at the listeners of a cloud, and may change the messages on them. `rehearse
 * conform` uses a tap to provoke and to check the behaviour of a client.
 */
export interface WireTap {
  /** The listener calls this method after each finished TLS handshake, before it reads the first byte of the client. */
  opened(connection: TappedConnection): ConnectionTap;
  /** The listener calls this method for each ClientHello, before the rest of the handshake. */
  helloRead(hello: ClientHello): void;
  /**
   * The listener calls this method for each TLS handshake that fails. @param reason the error of OpenSSL or of the
   * system.
   */
  handshakeFailed(reason: string): void;
  /** The listener calls this method for each request of the device API over AMQP. Returns the answer for the client. */
  overAmqp(request: TappedDpsRequest, answer: TappedDpsAnswer): TappedDpsAnswer;
}

/** A connection after its TLS handshake. */
export interface TappedConnection {
  readonly transport: Transport;
  /** Server name that the client sent in its ClientHello (SNI). Undefined if the client sent no server name. */
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
  /**
   * Returns the stream that the listener reads instead of the stream of the client.
   *
   * @param transport protocol of the client, with or without a WebSocket.
   */
  stream(transport: Transport, stream: Duplex): Duplex;
  /**
   * Returns the reply that the listener sends to the client.
   *
   * @param answer calls the service and returns its reply.
   */
  exchange(request: TappedHttpRequest, answer: () => Promise<TappedHttpReply>): Promise<TappedHttpReply>;
  /** The listener calls this method once, when the connection has ended. */
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
  /** Body of the request. Undefined if the body is too large, or if the service reads it as a stream. */
  readonly body: Buffer | undefined;
}

export interface TappedHttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of the body. Default: the reply has no JSON body. */
  readonly body?: unknown;
  /** The body as bytes. If given, the listener ignores `body`. */
  readonly raw?: Buffer;
  /** True if the listener closes the connection without an answer. */
  readonly dropped?: true;
}

/** A request of the device API of DPS. */
export interface TappedDpsRequest {
  readonly operation: 'register' | 'poll' | 'lookup';
  readonly registrationId: string;
  readonly apiVersion: string;
  /** ID of the operation that the device polls. */
  readonly operationId?: string;
  readonly token?: string;
  /** JSON of the body. Absent if the request is a poll. */
  readonly body?: unknown;
}

/** An answer of the device API of DPS. */
export interface TappedDpsAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body: unknown;
}
