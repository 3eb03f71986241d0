import type { Duplex } from 'node:stream';
import { connect } from 'node:net';
import { createWebSocketStream, WebSocket } from 'ws';
import { withinRealTime } from '../../core/time/clock.ts';
import { webSocket } from '../../core/wire/dps-wire.ts';
import type { History } from '../../core/history/history.ts';
import { answerLimitMs } from './dps-connection.ts';
import type { Peer } from './peer.ts';
import { openTlsConnection } from './tls-connection.ts';

/**
 * Opens a stream for MQTT or AMQP: a TLS connection whose server the device has accepted, or a WebSocket inside one. Returns undefined if
 * the device rejects the server; the history then has the decision.
 */
export async function openStream(peer: Peer, history: History): Promise<Duplex | undefined> {
  if (peer.isPlain === true) return openPlainConnection(peer);
  const socket = await openTlsConnection(peer, history);
  if (socket === undefined || peer.subProtocol === undefined) return socket;
  const opened = new WebSocket(`wss://${peer.host}${webSocket.path}`, peer.subProtocol, {
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  await withinRealTime(
    new Promise((done, fail) => {
      opened.once('open', done);
      opened.once('error', fail);
    }),
    answerLimitMs,
    `the WebSocket of ${peer.caller} to ${peer.host} did not open`,
  );
  return createWebSocketStream(opened);
}

/** Opens a connection without TLS, so no server is verified. */
async function openPlainConnection({ port, caller, host }: Peer): Promise<Duplex> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setNoDelay(true);
  await withinRealTime(
    new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    }),
    answerLimitMs,
    `the connection of ${caller} to ${host} did not open`,
  );
  return socket;
}
