import type { Server, Socket } from 'node:net';

/** How long clients of a TPM may be idle, and how many there may be. */
export interface ClientBounds {
  /** Real milliseconds until the first octet. */
  readonly silentMs: number;
  /** Real milliseconds between octets: a program may keep its connection while it does something else. */
  readonly idleMs: number;
  readonly limit: number;
  /** Told in a sentence, once per shortage. */
  readonly warn: (sentence: string) => void;
}

/** What the bridges of `serve` allow at each port and socket file; nobody is told. */
export const bridgeBounds: ClientBounds = { silentMs: 30_000, idleMs: 600_000, limit: 32, warn: () => {} };

/**
 * Ends idle connections of a server, and the one that has been idle longest if there are too many, so that idle clients keep no
 * other client out. A client waits for each answer, so the one that spoke last is the last to go.
 *
 * @param name of the server, for warnings.
 */
export function boundClients(server: Server, name: string, { silentMs, idleMs, limit, warn }: ClientBounds): void {
  /** The one that has been idle longest first. */
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
    warn(`${name} has more than ${limit} connections; the one that has been idle longest is ended for each new one`);
  });
}
