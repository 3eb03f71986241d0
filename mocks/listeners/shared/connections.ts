import type { Server, Socket } from 'node:net';
import type { History } from '../../../core/history/history.ts';
import type { Transport } from '../../../core/history/events.ts';
import { rememberConnections } from './remember-connections.ts';
import { isUsedUp, ownDescriptors, type Descriptors } from './descriptors.ts';
import { BoundedProbation, noProbation, type Probation } from './probation.ts';

interface Settings {
  /** Real milliseconds that a client has to authenticate; 0 for no limit. */
  readonly admissionMs: number;
  readonly history: History;
  /** The listeners call this function with a warning each time that file descriptors become scarce. */
  readonly warn?: ((sentence: string) => void) | undefined;
  readonly descriptors?: Descriptors;
}

/** One TCP connection, from its accept to its end. */
interface Connection {
  readonly socket: Socket;
  readonly transport: Transport;
  readonly probation: BoundedProbation;
}

/** The addresses and ports that identify a connection. They are the same for a TLS socket and the TCP socket below it. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>;

/**
 * Protects listeners from too many connections. Ends a connection whose client does not authenticate in time. If file descriptors run out,
 * ends the oldest connections without an authenticated client earlier. Some descriptors always stay free, because libuv silently closes
 * connections for which it has no descriptor.
 */
export class Connections {
  readonly #settings: Settings;
  readonly #descriptors: Descriptors;
  /** Oldest first. */
  readonly #open = new Map<string, Connection>();
  /** Number of further connections that the listeners accept before they count the descriptors again. */
  #uncounted = 0;
  #isShort = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#descriptors = settings.descriptors ?? ownDescriptors();
  }

  /** Observes the connections that a server accepts from now on. Returns a function that ends all of them. */
  watch(server: Server, transport: Transport): () => void {
    server.on('connection', (socket) => this.#accepted(socket, transport));
    server.on('error', (error) => {
      // Descriptors can run out after the start of a server. Other errors of a server occur when it starts, and
      // `listen` handles them.
      if (isUsedUp(error)) this.#makeRoom(undefined);
      else if (server.listening) this.#settings.warn?.(`the listener of ${transport} reports: ${error.message}`);
    });
    return rememberConnections(server);
  }

  /** Returns the authentication limit (probation) of the connection that a TCP or TLS socket belongs to. */
  of(ends: Ends): Probation {
    return this.#open.get(keyOf(ends))?.probation ?? noProbation;
  }

  /**
   * Replaces the authentication limit (probation) of an HTTP connection whose client opened a WebSocket. The client
   * must authenticate inside the WebSocket.
   */
  upgraded(ends: Ends, transport: Transport): Probation {
    const key = keyOf(ends);
    const before = this.#open.get(key);
    if (before === undefined) return noProbation;
    before.probation.closed();
    const { socket } = before;
    const connection = { socket, transport, probation: this.#probation(socket, transport) };
    this.#open.set(key, connection);
    return connection.probation;
  }

  #accepted(socket: Socket, transport: Transport): void {
    const key = keyOf(socket);
    // An HTTP connection needs no limit here, because the HTTP server limits its requests and the time between them.
    const probation = transport === 'https' ? new BoundedProbation(0, () => {}) : this.#probation(socket, transport);
    const connection = { socket, transport, probation };
    this.#open.set(key, connection);
    socket.once('close', () => {
      const last = this.#open.get(key);
      if (last?.socket !== socket) return;
      last.probation.closed();
      this.#open.delete(key);
    });
    this.#count();
  }

  #probation(socket: Socket, transport: Transport): BoundedProbation {
    const { admissionMs, history } = this.#settings;
    const from = socket.remoteAddress ?? 'unknown';
    return new BoundedProbation(admissionMs, () => {
      const message = `no successful authentication within ${admissionMs / 1000} s → the connection is closed`;
      history.record({ kind: 'wire', door: transport, from, to: 'listener', message });
      socket.destroy();
    });
  }

  /**
   * Counts the open descriptors. If many are free, skips the count for the next connections, because these cannot use up all
   * descriptors.
   */
  #count(): void {
    if (this.#uncounted-- > 0) return;
    const { limit } = this.#descriptors;
    if (limit === undefined) return;
    const inUse = this.#descriptors.inUse();
    const room = inUse === undefined ? -1 : limit - reserveOf(limit) - inUse;
    if (room < 0) return this.#makeRoom(inUse);
    this.#uncounted = Math.floor(room / 2);
    if (room > reserveOf(limit)) this.#isShort = false;
  }

  /**
   * Ends connections until enough descriptors are free.
   *
   * @param inUse number of open descriptors; undefined if no descriptor is left.
   */
  #makeRoom(inUse: number | undefined): void {
    const { limit = 0 } = this.#descriptors;
    const wanted = inUse === undefined ? reserveOf(limit) : inUse - (limit - reserveOf(limit));
    const ended = this.#oldest(wanted);
    for (const { socket } of ended) socket.destroy();
    if (this.#isShort) return;
    this.#isShort = true;
    const used = `${inUse ?? limit} of ${limit} file descriptors are in use`;
    const done =
      ended.length > 0
        ? 'the listener ends the oldest unauthenticated connections to admit new ones'
        : 'all connections belong to authenticated clients, so new clients may be rejected';
    this.#settings.warn?.(`${used}; ${done}. To allow more connections, raise the limit (ulimit -n)`);
  }

  /** Returns up to `count` connections without an authenticated client: idle ones first, and the oldest of each kind first. */
  #oldest(count: number): readonly Connection[] {
    const candidates = [...this.#open.values()].filter(({ probation }) => !probation.isAdmitted);
    const newest = candidates.pop();
    const idle = candidates.filter(({ probation }) => !probation.isWaiting);
    const busy = candidates.filter(({ probation }) => probation.isWaiting);
    // The newest connection comes last, because its client has had no time to authenticate yet.
    return [...idle, ...busy, ...(newest === undefined ? [] : [newest])].slice(0, count);
  }
}

/** Returns the number of descriptors that stay free for new clients and for files of this process. */
function reserveOf(limit: number): number {
  return Math.min(64, Math.max(16, Math.ceil(limit / 10)));
}

function keyOf({ remoteAddress = '', remotePort = 0, localPort = 0 }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
