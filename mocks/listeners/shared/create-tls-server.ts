import { createServer, type Server } from 'node:tls';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import type { ListenerContext, StreamHandler } from '../listener.ts';
import { connectionCredentials } from './connection-credentials.ts';
import { tlsSettings } from './tls.ts';

/** Creates a TLS server that hands each connection to `handle`. */
export function createTlsServer(
  name: ListenerName,
  handle: StreamHandler,
  { identity, clientTimeouts, connections }: Pick<ListenerContext, 'identity' | 'clientTimeouts' | 'connections'>,
): Server {
  const server = createServer(tlsSettings(identity, clientTimeouts), (socket) => {
    // Packets and frames are small and answered one by one: if held back, each waits for the delayed ACK of the client.
    socket.setNoDelay(true);
    handle(socket, connectionCredentials(socket), connections.of(socket), name);
  });
  // Node does not close a socket whose handshake failed or timed out.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}
