import type { Server as TcpServer, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import type { WireTap } from '../../../core/cloud/wire-tap.ts';
import type { Transport } from '../../../core/history/events.ts';
import { afterRealTime } from '../../../core/time/clock.ts';
import type { ClientHello } from '../../../core/wire/tls/client-hello.ts';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import { hostKindOf, type HostKind } from '../../../core/wire/tls/host-kind.ts';
import { judgeHello, recordBrokenHandshake, type Arriving, type HandshakeRules } from '../../tls/handshake-rules.ts';
import { handshakeErrorText } from './handshake-error-text.ts';
import { readHello } from './read-hello.ts';
import type { ServerIdentity } from './server-identity.ts';
import { shakeHands } from './shake-hands.ts';

/** One listener. */
interface Entrance {
  readonly transport: Transport;
  readonly onSecure: (socket: TLSSocket) => void;
}

/**
 * Makes the TLS handshakes of all listeners. It reads the ClientHello before OpenSSL does, records it, and lets the
 * services check it. Then OpenSSL continues with the settings of the host that the client requested (SNI).
 */
export class TlsAcceptor {
  readonly #rules: HandshakeRules;
  readonly #clientTimeouts: ClientTimeouts;
  readonly #tap: WireTap | undefined;
  readonly #identityOf: (kind: HostKind | undefined) => ServerIdentity;

  /**
   * @param identityOf returns the certificate of a kind of host.
   * @param tap receives each ClientHello and each failed handshake. Undefined if the cloud has no tap.
   */
  constructor(
    rules: HandshakeRules,
    clientTimeouts: ClientTimeouts,
    identityOf: (kind: HostKind | undefined) => ServerIdentity,
    tap?: WireTap,
  ) {
    this.#tap = tap;
    this.#rules = rules;
    this.#clientTimeouts = clientTimeouts;
    this.#identityOf = identityOf;
  }

  /**
   * Accepts the connections of a listening server.
   *
   * @param onSecure receives each connection after its handshake. If the check of the handshake is disabled, `onSecure`
   * also gets connections without TLS.
   */
  serve(server: TcpServer, transport: Transport, onSecure: (socket: TLSSocket) => void): void {
    server.on('connection', (socket) => this.#accept(socket, { transport, onSecure }));
  }

  #accept(socket: Socket, entrance: Entrance): void {
    const arriving: Arriving = { transport: entrance.transport, from: socket.remoteAddress ?? 'unknown' };
    readHello(socket, this.#clientTimeouts.handshakeMs, {
      onGone: (octets, reason) => {
        // A client that sends no octet only tests whether the port is open, so this is not a failure.
        if (octets > 0) recordBrokenHandshake(undefined, `${reason} after ${octets} octets`, arriving, this.#rules);
      },
      onRead: (read) => {
        if (read.ok) return this.#continue(socket, read.value, arriving, entrance);
        const servesPlain = recordBrokenHandshake(undefined, read.failure.sentence, arriving, this.#rules);
        if (!servesPlain) return refuse(socket, decodeError);
        // A client without TLS has no certificates. Listeners use no other method that only a TLS socket has.
        entrance.onSecure(Object.assign(socket, { getPeerX509Certificate: () => undefined }) as unknown as TLSSocket);
      },
    });
  }

  #continue(socket: Socket, hello: ClientHello, arriving: Arriving, entrance: Entrance): void {
    const { history } = this.#rules;
    const { transport, from } = arriving;
    history.record({ kind: 'client-hello', door: transport, from, ...history.offers.keep(hello) });
    this.#tap?.helloRead(hello);
    const verdict = judgeHello(hello, arriving, this.#rules);
    if (verdict.kind === 'refused') {
      this.#tap?.handshakeFailed(`the server refuses the ClientHello with alert ${verdict.alert}`);
      return refuse(socket, verdict.alert);
    }
    let isOver = false;
    const failed = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      this.#tap?.handshakeFailed(reason);
      recordBrokenHandshake(hello.serverName, reason, arriving, this.#rules);
    };
    socket.once('close', () => failed('the client closed the connection during the handshake'));
    const settings = verdict.kind === 'accepted' ? verdict.settings : 'everything';
    const kind = hello.serverName === undefined ? undefined : hostKindOf(hello.serverName);
    shakeHands(socket, this.#identityOf(kind), settings, this.#clientTimeouts, {
      onFailed: (error) => failed(handshakeErrorText(error)),
      onSecure: (secure) => {
        isOver = true;
        // If OpenSSL cannot parse a client certificate, it leaves an error in its queue. Node would report this error as
        // a failure of the finished handshake. Reading the certificate clears the queue, so the client gets the answer of
        // the service.
        peerChain(secure);
        entrance.onSecure(secure);
      },
    });
  }
}

/** Sends a fatal alert (RFC 8446 6) in a record of TLS 1.2, and closes the connection. */
function refuse(socket: Socket, alert: number): void {
  afterRealTime(lingerMs, () => socket.destroy());
  // Reads and drops the remaining octets of the client. Unread octets would reset the connection, and the client would
  // not get the alert.
  socket.resume();
  socket.end(Buffer.from([alertRecord, 3, 3, 0, 2, fatal, alert]));
}

const alertRecord = 21;
const fatal = 2;
/** Alert for a message that is no ClientHello (RFC 8446 6.2). */
const decodeError = 50;
/** Real milliseconds that a client has to close its side. */
const lingerMs = 1000;
