import type { Duplex } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import type { FidelitySettings } from '../../core/fidelity.ts';
import type { Door, History } from '../../core/history.ts';
import { peerChain } from '../../core/peer-chain.ts';
import type { ProvisioningService } from '../dps/service.ts';
import type { Hub } from '../hub/hub.ts';
import { acceptAmqp } from './amqp-connection.ts';
import { openAmqpSession } from './amqp-session.ts';
import { rememberConnections } from './remember-connections.ts';
import type { ServerIdentity } from './server-identity.ts';
import { tlsSettings } from './tls.ts';

export interface AmqpDoor {
  readonly server: Server;
  /** Serves AMQP on a stream that came another way, such as a WebSocket. `certificates`: what its TLS client showed. */
  handle(stream: Duplex, certificates: readonly Buffer[], door?: Door): void;
  close(): Promise<void>;
}

/** DPS and every hub over AMQP 1.0 on one TLS listener. */
export function openAmqpDoor(
  service: ProvisioningService,
  hubs: ReadonlyMap<string, Hub>,
  fidelity: FidelitySettings,
  identity: ServerIdentity,
  history: History,
): AmqpDoor {
  const handle = (stream: Duplex, certificates: readonly Buffer[], door: Door = 'amqp'): void => {
    const cut = (): void => void stream.destroy();
    acceptAmqp(stream, (line) => openAmqpSession({ service, hubs, fidelity, history, certificates, door, line, cut }));
  };
  const server = createServer(tlsSettings(identity), (socket) => {
    // Frames are small and answered one by one, as packets are over MQTT.
    socket.setNoDelay(true);
    handle(socket, peerChain(socket));
  });
  server.on('tlsClientError', () => {});
  const cutConnections = rememberConnections(server);
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
