import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer } from 'node:tls';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { Random } from '../../core/random.ts';
import { mintCertificate } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { clientTimeoutsOf } from '../../mocks/listeners/shared/client-timeouts.ts';
import { ServerRoots } from '../../mocks/listeners/shared/server-identity.ts';
import { rootPlan } from '../../mocks/tls/root-plan.ts';
import { tlsSettings } from '../../mocks/listeners/shared/tls.ts';
import { perSecond, stillClock } from './measure.ts';

/**
 * Measures TLS handshakes with the settings of listeners and devices, without any other work. Both ends are in this process and use the
 * keys of a flow (RSA-2048 for the server, P-256 for the device). As in a flow, each device with a certificate is new and loads its
 * certificate; devices without a certificate share one TLS context. A flow makes two handshakes, one with DPS and one with the hub, but
 * this measurement counts one. So a flow of only two handshakes has the ratio 0.5, or a little more with a certificate, which the flow
 * loads once for both handshakes.
 */
export async function rawHandshakes({ clientCertificate }: { readonly clientCertificate: boolean }) {
  const { identity } = await ServerRoots.open(
    undefined,
    rootPlan(undefined, undefined, 'RSA-2048'),
    { serverKey: defaultFidelity.serverKey, names: [] },
    new Random('bench'),
  );
  const server = createServer(tlsSettings(identity, clientTimeoutsOf({})), (socket) => {
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
  const anonymous = createSecureContext({ minVersion: 'TLSv1.2' });
  const contextOf = () =>
    clientCertificate
      ? createSecureContext({ minVersion: 'TLSv1.2', cert: leaf.pem, key: leaf.privateKeyPem })
      : anonymous;
  return {
    measure: (count: number) =>
      perSecond(count, 8, async () => {
        const socket = connect({
          host: '127.0.0.1',
          port,
          servername: globalEndpoint,
          rejectUnauthorized: false,
          secureContext: contextOf(),
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
