import type { Server, Socket } from 'node:net';

/** Limits for the clients of a TPM. */
export interface ClientBounds {
  /** Real milliseconds from the connection to the first octet. */
  readonly silentMs: number;
  /** Real milliseconds between octets; long, because a program may keep its connection while it does other work. */
  readonly idleMs: number;
  /** Number of connections at a time. */
  readonly limit: number;
  /** Called with a sentence, once per shortage. */
  readonly warn: (sentence: string) => void;
}

/** Limits of the bridges of `serve` at each port and socket file. Shortages are not reported. */
export const bridgeBounds: ClientBounds = { silentMs: 30_000, idleMs: 600_000, limit: 32, warn: () => {} };

/**
 * Ends idle connections of a server. If there are too many connections, ends the one that has been idle longest, so that idle
 * clients do not block others.
 *
 * @param name of the server, for warnings.
 */
export function boundClients(server: Server, name: string, { silentMs, idleMs, limit, warn }: ClientBounds): void {
  /** Connections in the order of their last octet, the longest idle one first. */
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
    warn(`${name} has more than ${limit} connections; the one that has been idle longest is closed for each new one`);
  });
}
