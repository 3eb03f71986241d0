import type { Server, Socket } from 'node:net';

/**
 * Remembers the connections of a server from now on. Returns a function that ends them all, also those without a finished handshake: a
 * server closes only when all its connections have ended.
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
