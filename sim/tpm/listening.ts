import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

/** Listens on a port of 127.0.0.1 or on a socket file. Returns false if another process already listens there. */
export async function listenOn(server: Server, place: number | string): Promise<boolean> {
  if (typeof place === 'string') server.listen(place);
  else server.listen(place, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Returns a function that closes the server and all connections. Call this before the server accepts connections. */
export function closeServer(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
