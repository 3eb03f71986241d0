import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import { afterRealTime } from '../../../core/time/clock.ts';
import { webSocket } from '../../../core/wire/dps-wire.ts';
import { eventHubWebSocketPath } from '../../../core/wire/event-hub-wire.ts';
import { recordRefusedOpening } from '../../shared/record-refused-opening.ts';
import type { Connections } from '../shared/connections.ts';
import { requestTarget } from '../https/request-target.ts';
import { tapOf } from '../shared/tap-of.ts';
import type { WebSocketProtocol } from '../listener.ts';
import { connectionCredentials } from '../shared/create-tls-server.ts';

/**
 * Accepts WebSockets (RFC 6455) on an HTTPS server, for devices behind a firewall that allows only port 443. The sub-protocol
 * of each WebSocket names the protocol inside it.
 */
export function acceptWebSockets(
  server: Server,
  connections: Connections,
  protocols: readonly WebSocketProtocol[],
  { tap, history }: Pick<CloudSettings, 'tap' | 'history'>,
): void {
  const protocolOf = new Map(protocols.map((each) => [each.subProtocol.toLowerCase(), each]));
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: frameLimit,
    WebSocket: BinaryWebSocket,
    handleProtocols: (offered) => [...offered].find((each) => protocolOf.has(each.toLowerCase())) ?? false,
  });
  // `ws` emits this event for an opening handshake with a wrong method, version, key or extension.
  upgrades.on('wsClientError', ({ message }, socket, request) => {
    const found = brokenPart(message, request);
    const refused = { about: 'WebSocket', expected: openingHandshake, found, answer: badRequest };
    recordRefusedOpening(history, connectionCredentials(request.socket as TLSSocket), 'https', refused);
    // RFC 6455 4.4: the answer names the version that the server speaks.
    refuse(socket, badRequest, ['Sec-WebSocket-Version: 13']);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const carrier = request.socket as TLSSocket;
    const credentials = connectionCredentials(carrier);
    const refuseFor = (status: string, expected: string, found: string): void => {
      recordRefusedOpening(history, credentials, 'https', { about: 'WebSocket', expected, found, answer: status });
      refuse(socket, status);
    };
    if (!isServed(request.url ?? ''))
      return refuseFor('404 Not Found', `the path ${webSocket.path}`, `the path ${pathOf(request.url ?? '')}`);
    const protocol = chosenProtocol(request, protocolOf);
    if (protocol === undefined) {
      const { upgrade = '', 'sec-websocket-protocol': offered = 'no sub-protocol' } = request.headers;
      const found = upgrade.toLowerCase() === 'websocket' ? offered : `an upgrade to ${upgrade}`;
      const expected = `a WebSocket with the sub-protocol ${webSocket.mqtt} or ${webSocket.amqp}`;
      return refuseFor(badRequest, expected, found.slice(0, 200));
    }
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      const { transport, handle } = protocol;
      const stream = createWebSocketStream(opened);
      const tapped = tap === undefined ? stream : tapOf(tap, carrier, 'https').stream(transport, stream);
      handle(tapped, credentials, connections.upgraded(carrier, transport), transport);
    });
  });
}

/**
 * A WebSocket that rejects text frames, because both protocols are binary. A text frame ends the connection (RFC 6455 7.4.1,
 * 1003).
 */
class BinaryWebSocket extends WebSocket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'message' || values[1] === true) return super.emit(event, ...values);
    this.close(1003, 'binary frames only');
    return false;
  }
}

/** Maximum number of bytes of a frame. The limit is above the largest message of any service. */
const frameLimit = 512 * 1024;

/**
 * Returns true for a path on which the listener serves WebSockets. These are the documented paths, with any query and
 * percent-encoding, and the root (C# SDK). `/mqtt` is the default of the MQTT library in the Java SDK's DPS client.
 * Python's uamqp uses `/$servicebus/websocket/` for every service of Azure.
 */
function isServed(url: string): boolean {
  try {
    const decoded = decodeURIComponent(pathOf(url));
    return servedPaths.has(decoded.toLowerCase().replace(/(?<=.)\/$/, ''));
  } catch {
    return false;
  }
}

function pathOf(url: string): string {
  return requestTarget(url).pathAndQuery.split('?', 1)[0]?.slice(0, 200) ?? '';
}

const servedPaths = new Set<string>(['/', '/mqtt', webSocket.path, eventHubWebSocketPath]);

function chosenProtocol(
  { headers }: IncomingMessage,
  protocolOf: ReadonlyMap<string, WebSocketProtocol>,
): WebSocketProtocol | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim().toLowerCase());
  const chosen = offered.find((each) => protocolOf.has(each));
  return chosen === undefined ? undefined : protocolOf.get(chosen);
}

const openingHandshake = 'an opening handshake of RFC 6455: GET with Sec-WebSocket-Version: 13 and a Sec-WebSocket-Key';

/**
 * Returns the part of an opening handshake that `ws` does not accept: the header with its value, or the words of `ws`.
 *
 * @param message the message of the error, such as `Missing or invalid Sec-WebSocket-Key header`.
 */
function brokenPart(message: string, { method, headers }: IncomingMessage): string {
  if (method !== 'GET') return `the method ${method ?? 'none'}`;
  const [header] = /Sec-WebSocket-\w+/.exec(message) ?? [];
  if (header === undefined) return message;
  const value = headers[header.toLowerCase()];
  return value === undefined ? `no ${header}` : `${header}: ${String(value).slice(0, 200)}`;
}

/** @param headers further header lines of the answer. */
function refuse(socket: Duplex, status: string, headers: readonly string[] = []): void {
  // Disconnects a client that does not answer the close frame in time.
  afterRealTime(lingerMs, () => socket.destroy());
  socket.end([`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Length: 0', ...headers, '\r\n'].join('\r\n'));
}

const badRequest = '400 Bad Request';

/** Real milliseconds. */
const lingerMs = 1000;
