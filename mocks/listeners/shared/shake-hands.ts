import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import type { ServerIdentity } from './server-identity.ts';
import { tlsSettings, type SpokenTls } from './tls.ts';

/** The callbacks of a handshake. The function calls at most one of them, and none if the client closes the connection first. */
interface Ends {
  readonly onSecure: (socket: TLSSocket) => void;
  readonly onFailed: (error: Error) => void;
}

/**
 * Makes the server's side of a TLS handshake over an accepted connection.
 *
 * @param host TLS settings of the host.
 */
export function shakeHands(
  socket: Socket,
  identity: ServerIdentity,
  host: SpokenTls,
  clientTimeouts: ClientTimeouts,
  ends: Ends,
): void {
  const key = keyOf(socket);
  shaking.set(key, ends);
  socket.once('close', () => {
    if (shaking.get(key) === ends) shaking.delete(key);
  });
  serverFor(identity, host, clientTimeouts).emit('connection', socket);
}

/**
 * Returns a server that never listens. It loads the certificate once for all clouds of the process that use the same certificate: a context
 * with an RSA key takes milliseconds, and the runs of a process share their server key.
 */
function serverFor(identity: ServerIdentity, host: SpokenTls, clientTimeouts: ClientTimeouts): Server {
  const ofIdentity = servers.get(identity) ?? new Map<string, Server>();
  servers.set(identity, ofIdentity);
  const name = JSON.stringify([host, clientTimeouts.handshakeMs]);
  const known = ofIdentity.get(name);
  if (known !== undefined) return known;
  const server = createServer(tlsSettings(identity, clientTimeouts, host), (socket) => take(socket)?.onSecure(socket));
  server.on('tlsClientError', (error, socket) => {
    take(socket)?.onFailed(error);
    // Node itself does not close a socket whose handshake failed or timed out.
    socket.destroy();
  });
  ofIdentity.set(name, server);
  return server;
}

/** The servers by certificate and settings. When a cloud gets another certificate, the servers of the former one are garbage-collected. */
const servers = new WeakMap<ServerIdentity, Map<string, Server>>();

/** The connections in their handshake, by the addresses and ports of the connection. */
const shaking = new Map<string, Ends>();

function take(socket: TLSSocket): Ends | undefined {
  const key = keyOf(below(socket));
  const ends = shaking.get(key);
  shaking.delete(key);
  return ends;
}

/**
 * Returns the TCP socket below a TLS socket. The TCP socket knows its addresses from its start. The TLS socket asks the operating system
 * when the handshake has failed, and finds none if the client has already closed the connection.
 */
function below(socket: TLSSocket): Socket {
  const { _parent: parent } = socket as TLSSocket & { readonly _parent?: Socket };
  return parent?.remotePort === undefined ? socket : parent;
}

/**
 * A TLS socket and the TCP socket below it have the same key. It has both ends of the connection: several clouds can listen at the same port
 * of different loopback addresses, and a client can use one of its ports for connections to each of them.
 */
function keyOf({ remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
