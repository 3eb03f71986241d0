import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { Transport } from '../../../core/history/events.ts';
import type { FalseServer } from '../../attacks/wires.ts';

/**
 * Servers of an attacker in the network of the devices. They are real listeners on loopback and answer instead of the real host. The cloud
 * does not know them.
 */
export class RogueServers {
  readonly #ports = new Map<string, number>();
  readonly #closers: (() => Promise<void>)[] = [];

  /**
   * Returns the port of the rogue server for a host; undefined if the host has no rogue server.
   * @param plain true for MQTT without TLS on port 1883.
   */
  port(host: string, transport: Transport, plain: boolean): number | undefined {
    return this.#ports.get(keyOf(host, transport, plain));
  }

  /** Starts a rogue server for a host. The server runs until the simulated world closes. */
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
    const key = identity === undefined ? keyOf(host, 'mqtt', true) : keyOf(host, 'https', false);
    this.#ports.set(key, (listener.address() as AddressInfo).port);
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

  /** Creates a server for MQTT without TLS. It reads each CONNECT packet and rejects it. */
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

/** Creates an HTTPS server with a certificate of the attacker. It reads the token of each request and rejects the request. */
function httpsListener({ chainPem, keyPem }: NonNullable<FalseServer['identity']>, hear: FalseServer['hear']): Server {
  const server = createHttpsServer({ cert: chainPem, key: keyPem }, (request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) hear(authorization);
    request.resume();
    response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ errorCode: 401000, message: 'Unauthorized' }));
  });
  // A device that does not trust the certificate ends the connection during the handshake.
  server.on('tlsClientError', (_error, socket) => void socket.destroy());
  return server;
}

function keyOf(host: string, transport: Transport, plain: boolean): string {
  return `${host} ${transport} ${plain ? 'plain' : 'TLS'}`;
}
