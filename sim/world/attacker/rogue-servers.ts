import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { Transport } from '../../../core/history/events.ts';
import type { FalseServer } from '../../attacks/wires.ts';

/**
 * Servers of an attacker in the network that the devices of a world are in: who calls such a host there reaches them. They are
 * real listeners on loopback, and the service knows nothing of them.
 */
export class RogueServers {
  readonly #ports = new Map<string, number>();
  readonly #closers: (() => Promise<void>)[] = [];

  /** Where a host is answered for; undefined where nobody stands in its way. @param plain on port 1883, without TLS. */
  port(host: string, transport: Transport, plain: boolean): number | undefined {
    return this.#ports.get(doorOf(host, transport, plain));
  }

  /** Answers for a host from now on, until the world ends. */
  async open(host: string, server: FalseServer): Promise<void> {
    const { identity, hear } = server;
    const listener = identity === undefined ? await this.#plainBroker(hear) : httpsListener(identity, hear);
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const sockets = new Set<Socket>();
    listener.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    const door = identity === undefined ? doorOf(host, 'mqtt', true) : doorOf(host, 'https', false);
    this.#ports.set(door, (listener.address() as AddressInfo).port);
    this.#closers.push(async () => {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  async close(): Promise<void> {
    this.#ports.clear();
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  /** MQTT without TLS: it reads the CONNECT of whoever calls, and lets nobody in. */
  async #plainBroker(hear: FalseServer['hear']): Promise<Server> {
    const broker = await Aedes.createBroker({
      authenticate: (_client, _userName, password, done) => {
        if (password !== undefined) hear(Buffer.from(password).toString('utf8'));
        done(Object.assign(new Error('CONNACK 5'), { returnCode: 5 }), false);
      },
    });
    this.#closers.push(() => new Promise((closed) => broker.close(closed)));
    return createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      broker.handle(socket);
    });
  }
}

/** HTTPS under a certificate of the attacker's own: it reads the token of whoever asks, and turns him away. */
function httpsListener({ chainPem, keyPem }: NonNullable<FalseServer['identity']>, hear: FalseServer['hear']): Server {
  const server = createHttpsServer({ cert: chainPem, key: keyPem }, (request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) hear(authorization);
    request.resume();
    response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ errorCode: 401000, message: 'Unauthorized' }));
  });
  // Who does not believe the certificate leaves in the middle of the handshake.
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  return server;
}

function doorOf(host: string, transport: Transport, plain: boolean): string {
  return `${host} ${transport} ${plain ? 'plain' : 'TLS'}`;
}
