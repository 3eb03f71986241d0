import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import { afterRealTime } from '../../../core/time/clock.ts';
import { webSocket } from '../../../core/wire/dps-wire.ts';
import type { Transport } from '../../../core/history/events.ts';
import { eventHubWebSocketPath } from '../../../core/wire/event-hub-wire.ts';
import type { Connections } from '../shared/connections.ts';
import type { Probation } from '../shared/probation.ts';
import { requestTarget } from '../https/request-target.ts';
import { shownBy, type Shown } from '../shared/client-credentials.ts';

/**
 * Serves what a client speaks on a stream, such as a WebSocket.
 *
 * @param shown what its connection told.
 * @param probation ends the connection of a client that does not authenticate.
 */
export type StreamHandler = (stream: Duplex, shown: Shown, probation: Probation, door: Transport) => void;

/** What is spoken inside a WebSocket. */
interface Inside {
  readonly door: Transport;
  readonly handle: StreamHandler;
}

/**
 * WebSockets (RFC 6455) on the listener of HTTPS: MQTT and AMQP inside, told apart by sub-protocol, for devices behind
 * a fence that lets nothing but port 443 through.
 *
 * @param handlers by sub-protocol in lower case.
 */
export function openWebSocketListener(
  server: Server,
  connections: Connections,
  handlers: Readonly<Record<string, Inside>>,
): void {
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: frameLimit,
    WebSocket: BinaryWebSocket,
    handleProtocols: (offered) => [...offered].find((each) => Object.hasOwn(handlers, each.toLowerCase())) ?? false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!isServed(request.url ?? '')) return refuse(socket, '404 Not Found');
    const handler = handlerFor(request, handlers);
    if (handler === undefined) return refuse(socket, '400 Bad Request');
    const carrier = request.socket as TLSSocket;
    const shown = shownBy(carrier);
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      const { door, handle } = handler;
      handle(createWebSocketStream(opened), shown, connections.upgraded(carrier, door), door);
    });
  });
}

/** Both protocols are octets: a text frame ends the connection (RFC 6455 7.4.1, 1003). */
class BinaryWebSocket extends WebSocket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'message' || values[1] === true) return super.emit(event, ...values);
    this.close(1003, 'binary frames only');
    return false;
  }
}

/** More than the largest message of any of the services, in one frame. */
const frameLimit = 512 * 1024;

/**
 * The documented paths, any query and percent-encoding; the root, which the C# SDK asks for; and `/mqtt`, which the DPS client of
 * the Java SDK asks for: it names no path, and that is the default of its MQTT library. `/$servicebus/websocket/` is what Python's
 * uamqp asks every service of Azure for.
 */
function isServed(url: string): boolean {
  const [path = ''] = requestTarget(url).pathAndQuery.split('?', 1);
  try {
    const decoded = decodeURIComponent(path);
    return servedPaths.has(decoded.toLowerCase().replace(/(?<=.)\/$/, ''));
  } catch {
    return false;
  }
}

const servedPaths = new Set<string>(['/', '/mqtt', webSocket.path, eventHubWebSocketPath]);

function handlerFor({ headers }: IncomingMessage, handlers: Readonly<Record<string, Inside>>): Inside | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim().toLowerCase());
  const chosen = offered.find((each) => Object.hasOwn(handlers, each));
  return chosen === undefined ? undefined : handlers[chosen];
}

function refuse(socket: Duplex, status: string): void {
  // Whoever does not hang up as well is not waited for.
  afterRealTime(lingerMs, () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Real milliseconds. */
const lingerMs = 1000;
