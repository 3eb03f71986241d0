import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { wallMs } from '../../core/time/clock.ts';
import { listenerPorts, type PortByListener } from '../../core/wire/listener-ports.ts';

const names = Object.keys(listenerPorts) as (keyof PortByListener)[];

/**
 * The network of one device that runs a program: it listens at the address of the device, on the ports of the services, and forwards each
 * connection to the listener. So the services see the address of the device, and the device can be offline.
 */
export class Gateway {
  readonly #servers: readonly Server[];
  readonly #sockets = new Set<Socket>();
  /** IP address at which the program finds every service. */
  readonly address: string;
  readonly ports: PortByListener;
  /** The connections whose last bytes came from the program, so that a service may still answer. */
  readonly #unanswered = new Set<Socket>();
  #isOffline = false;
  #movedBytes = 0;
  #lastMovedAt = Number.NEGATIVE_INFINITY;
  /** Number of calls of `isQuiet` since the gateway last forwarded a byte. The event loop has turned before each call. */
  #callsSinceMove = 0;

  private constructor(servers: readonly Server[], address: string, ports: PortByListener) {
    this.#servers = servers;
    this.address = address;
    this.ports = ports;
  }

  /**
   * Opens the gateway of a device on the standard ports, or on free ports if a standard port is not available.
   * @param from IP address of the device, from which it connects to the services.
   * @param ports ports of the listeners on 127.0.0.1.
   * @param at address of the gateway, which then has free ports. Default: another loopback address with each call.
   */
  static async open(from: string, ports: PortByListener, at?: string): Promise<Gateway> {
    const holder: { gateway?: Gateway } = {};
    const serverOf = (name: keyof PortByListener): Server =>
      createServer({ allowHalfOpen: true }, (socket) => {
        if (holder.gateway === undefined) socket.destroy();
        else holder.gateway.#forward(socket, from, ports[name]);
      });
    for (let tried = 0; ; tried++) {
      const address = at ?? gatewayAddress();
      const isLast = at !== undefined || tried === addressesTried;
      const servers = await listenAt(address, isLast ? 'free' : 'standard', serverOf);
      if (servers === undefined) continue;
      const own = Object.fromEntries(
        servers.map(([name, server]) => [name, (server.address() as AddressInfo).port]),
      ) as PortByListener;
      holder.gateway = new Gateway(
        servers.map(([, server]) => server),
        address,
        own,
      );
      return holder.gateway;
    }
  }

  /** True if the gateway listens on the ports of the real services. */
  get hasStandardPorts(): boolean {
    return names.every((name) => this.ports[name] === listenerPorts[name]);
  }

  /** Number of bytes that the gateway has forwarded. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  /**
   * Returns true if the gateway has no byte to forward, and has forwarded none for some time. This time is `quietMs` real milliseconds, or
   * `answerMs` if a service may still answer the program on an open connection. The caller must also have called this method once for each
   * 6 ms of this time: the services work in this process, and on a busy computer this process may have had no turn in that time.
   */
  isQuiet(quietMs: number, answerMs: number): boolean {
    const limitMs = this.#unanswered.size > 0 ? answerMs : quietMs;
    this.#callsSinceMove++;
    if (wallMs() - this.#lastMovedAt < limitMs || this.#callsSinceMove < limitMs / msForCall) return false;
    return [...this.#sockets].every((socket) => socket.writableLength === 0 && !socket.connecting);
  }

  /** Cuts all connections and refuses new connections while the device is offline. */
  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
    if (isOffline) this.#cut();
  }

  async close(): Promise<void> {
    this.#cut();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #forward(socket: Socket, from: string, port: number): void {
    this.#noteMove(0);
    if (this.#isOffline) {
      socket.destroy();
      return;
    }
    socket.on('data', () => this.#unanswered.add(socket));
    socket.once('close', () => this.#unanswered.delete(socket));
    const onward = connect({ host: '127.0.0.1', port, localAddress: from, allowHalfOpen: true });
    onward.on('data', () => this.#unanswered.delete(socket));
    onward.once('close', () => this.#unanswered.delete(socket));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('data', (bytes: Buffer) => this.#noteMove(bytes.length));
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.#sockets.delete(one);
        this.#noteMove(0);
        // A half-closed connection ends with `end`, which `pipe` forwards; an aborted connection has no such event.
        if (!one.readableEnded) other.destroy();
      });
    }
  }

  #noteMove(bytes: number): void {
    this.#movedBytes += bytes;
    this.#lastMovedAt = wallMs();
    this.#callsSinceMove = 0;
  }
}

/** Opens all listeners at an address, or none. Returns undefined if a port is not available. */
async function listenAt(
  address: string,
  kind: 'standard' | 'free',
  serverOf: (name: keyof PortByListener) => Server,
): Promise<readonly (readonly [keyof PortByListener, Server])[] | undefined> {
  const opened: (readonly [keyof PortByListener, Server])[] = [];
  try {
    for (const name of names) {
      const server = serverOf(name);
      opened.push([name, server]);
      server.listen(kind === 'standard' ? listenerPorts[name] : 0, address);
      await once(server, 'listening');
    }
    return opened;
  } catch (error) {
    for (const [, server] of opened) if (server.listening) server.close();
    if (kind === 'free') throw error;
    return undefined;
  }
}

/**
 * Returns another loopback address with each call, and rarely the same address in two processes. So the standard ports are free at this
 * address, even if another run uses the same ports at its own address.
 */
function gatewayAddress(): string {
  const number = (process.pid * addressesOfAProcess + (addresses++ % addressesOfAProcess)) % (64 * 65_536);
  return `127.${128 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}

const msForCall = 6;

const addressesOfAProcess = 64;
/** Number of addresses at which the standard ports are tried. */
const addressesTried = 3;
let addresses = 0;
