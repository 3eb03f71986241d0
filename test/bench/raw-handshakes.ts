import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { Random } from '../../core/random.ts';
import { generateKeyPair, mintCertificate } from '../../core/x509/mint.ts';
import { mintServerIdentity } from '../../mocks/doors/server-identity.ts';
import { tlsSettings } from '../../mocks/doors/tls.ts';
import { perSecond, stillClock } from './measure.ts';

/** TLS handshakes with the settings of the doors and nothing behind them, both ends in this process. */
export async function rawHandshakes({ clientCertificate }: { readonly clientCertificate: boolean }) {
  const identity = await mintServerIdentity(new Random('bench'));
  const server = createServer(tlsSettings(identity), (socket) => {
    socket.on('error', () => {});
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const now = stillClock.now();
  const leaf = await mintCertificate({
    subject: { commonName: 'bench' },
    keys: await generateKeyPair('P-256'),
    notBefore: now,
    notAfter: now + 1e10,
  });
  const shown = clientCertificate ? { cert: leaf.pem, key: leaf.privateKeyPem } : {};
  return {
    measure: (count: number) =>
      perSecond(count, 8, async () => {
        const socket = connect({
          host: '127.0.0.1',
          port,
          servername: globalEndpoint,
          rejectUnauthorized: false,
          ...shown,
        });
        await once(socket, 'secureConnect');
        const closed = once(socket, 'close');
        socket.end();
        await closed;
      }),
    close: async () => {
      server.close();
    },
  };
}
