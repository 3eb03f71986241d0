import { createServer, type Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { defined } from '../../../core/defined.ts';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import type { ListenerContext, StreamHandler } from '../listener.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';
import { tapOf } from './tap-of.ts';

/** Creates a server that passes each connection to `handle` after its TLS handshake. */
export function createTlsServer(
  name: ListenerName,
  handle: StreamHandler,
  { tls, connections, settings: { tap } }: Pick<ListenerContext, 'tls' | 'connections' | 'settings'>,
): Server {
  const server = createServer();
  tls.serve(server, name, (socket) => {
    // Sends packets and frames at once. Clients send small requests one by one, so with Nagle's algorithm each answer
    // would wait for the delayed ACK of the client.
    socket.setNoDelay(true);
    const credentials = connectionCredentials(socket);
    const stream = tap === undefined ? socket : tapOf(tap, socket, name).stream(name, socket);
    handle(stream, credentials, connections.of(socket), name);
  });
  return server;
}

/** Reads the credentials of a connection. Call it early: they are not available after the client has disconnected. */
export function connectionCredentials(socket: TLSSocket): ConnectionCredentials {
  // Node sets `servername` after the handshake; its types lack the property. It is `false` if the client sent no name.
  const { remoteAddress: from, servername } = socket as TLSSocket & { readonly servername?: string | false };
  const serverName = typeof servername === 'string' ? servername : undefined;
  return { certificates: peerChain(socket), ...defined({ from, serverName }) };
}
