import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import { alwaysDurable } from '../../../core/cloud/durability.ts';
import type { Services } from '../../dps/services.ts';
import type { Hub } from '../../hub/hub.ts';
import { acceptAmqp } from './amqp-connection.ts';
import { openAmqpSession } from './amqp-session.ts';
import type { Connections } from '../shared/connections.ts';
import { holdWrites } from '../shared/hold-writes.ts';
import { clientTimeoutsOf } from '../shared/client-timeouts.ts';
import { shownBy } from '../shared/client-credentials.ts';
import type { ServerIdentity } from '../shared/server-identity.ts';
import { tlsSettings } from '../shared/tls.ts';
import type { StreamHandler } from '../websocket/websocket.ts';
import { whenDrained } from '../shared/when-drained.ts';

export interface AmqpListener {
  readonly server: Server;
  /** Serves AMQP on a stream that came another way, such as a WebSocket. */
  readonly handle: StreamHandler;
  close(): Promise<void>;
}

/** DPS and every hub over AMQP 1.0 on one TLS listener. */
export function openAmqpListener(
  services: Services,
  hubs: ReadonlyMap<string, Hub>,
  identity: ServerIdentity,
  connections: Connections,
  settings: Pick<CloudSettings, 'history' | 'fidelity' | 'clientTimeouts' | 'amqpEndpointLimit' | 'durability'>,
): AmqpListener {
  const { history, fidelity, durability = alwaysDurable } = settings;
  const clientTimeouts = clientTimeoutsOf(settings);
  const bounds = { openingMs: clientTimeouts.openingMs, endpointLimit: settings.amqpEndpointLimit ?? 2048 };
  const handle: StreamHandler = (stream, shown, probation, door) => {
    const cut = (): void => void stream.destroy();
    const drained = (then: () => void): void => whenDrained(stream, then);
    const parts = { services, hubs, fidelity, history, shown, door, probation, cut, drained, amqpPort };
    holdWrites(stream, durability);
    acceptAmqp(stream, (line) => openAmqpSession({ ...parts, line }), bounds);
  };
  const amqpPort = (): number => (server.address() as AddressInfo | null)?.port ?? 5671;
  const server = createServer(tlsSettings(identity, clientTimeouts), (socket) => {
    // Frames are small and answered one by one, as packets are over MQTT.
    socket.setNoDelay(true);
    handle(socket, shownBy(socket), connections.of(socket), 'amqp');
  });
  // Node leaves a socket whose handshake failed or took too long to whoever listens.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const cutConnections = connections.watch(server, 'amqp');
  return {
    server,
    handle,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      cutConnections();
      await closed;
    },
  };
}
