import type { Server, Socket } from 'node:net';

/**
 * Stores the connections that a server accepts from now on. Returns a function that ends all of them, including those whose
 * handshake is not finished. A server can close only after all its connections have ended.
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
