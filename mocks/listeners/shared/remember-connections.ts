import type { Server, Socket } from 'node:net';

/**
 * Remembers the connections of a server from now on. The function that is returned ends them all, also those that have
 * not come as far as a handshake: closing a server waits for each.
 */
export function rememberConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
