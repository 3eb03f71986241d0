import type { Server, Socket } from 'node:net';

/** Limits for the clients that connect to a TPM. */
export interface ClientBounds {
  /** Longest real time from the connection to the first octet, in milliseconds. */
  readonly silentMs: number;
  /** Longest real time between octets, in milliseconds. It is long, because a program may do other work while it is connected. */
  readonly idleMs: number;
  /** Largest number of simultaneous connections. */
  readonly limit: number;
  /** Receives a sentence when the number of connections begins to exceed the limit. */
  readonly warn: (sentence: string) => void;
}

/** Limits for each port and each socket file of the TPM bridges in `serve`. A server with these limits gives no warnings. */
export const bridgeBounds: ClientBounds = { silentMs: 30_000, idleMs: 600_000, limit: 32, warn: () => {} };

/**
 * Ends idle connections of a server. If there are too many connections, ends the connection that has been idle longest, so that idle
 * clients do not block others.
 * @param name name of the server in warnings.
 */
export function boundClients(server: Server, name: string, { silentMs, idleMs, limit, warn }: ClientBounds): void {
  /** Connections in the order of their last octet: the longest idle connection is first. */
  const clients = new Set<Socket>();
  let isShort = false;
  server.on('connection', (socket) => {
    clients.add(socket);
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('data', () => {
      socket.setTimeout(idleMs);
      clients.delete(socket);
      clients.add(socket);
    });
    socket.once('close', () => {
      clients.delete(socket);
      if (clients.size <= limit / 2) isShort = false;
    });
    const [longestIdle] = clients;
    if (clients.size <= limit || longestIdle === undefined) return;
    clients.delete(longestIdle);
    longestIdle.destroy();
    if (isShort) return;
    isShort = true;
    warn(
      `${name} has more than ${limit} connections; each new connection closes the connection that has been idle longest`,
    );
  });
}
