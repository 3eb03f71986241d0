import { createServer, type Server, type TLSSocket } from 'node:tls';
import { defined } from '../../../core/defined.ts';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import type { ListenerContext, StreamHandler } from '../listener.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';
import { settingsBeforeIdentity, useIdentity } from './tls.ts';

/** Creates a TLS server that passes each connection to `handle`. */
export function createTlsServer(
  name: ListenerName,
  handle: StreamHandler,
  { identity, clientTimeouts, connections }: Pick<ListenerContext, 'identity' | 'clientTimeouts' | 'connections'>,
): Server {
  const server = createServer(settingsBeforeIdentity(clientTimeouts), (socket) => {
    // Sends packets and frames at once. They are small and answered one by one, so with Nagle's algorithm each would wait for
    // the delayed ACK of the client.
    socket.setNoDelay(true);
    handle(socket, connectionCredentials(socket), connections.of(socket), name);
  });
  useIdentity(server, identity, clientTimeouts);
  // Node itself does not close a socket whose handshake failed or timed out.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** Reads the credentials of a connection. Call it early: they are not available after the client has disconnected. */
export function connectionCredentials(socket: TLSSocket): ConnectionCredentials {
  const { remoteAddress: from } = socket;
  return { certificates: peerChain(socket), ...defined({ from }) };
}
