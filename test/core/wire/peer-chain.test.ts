import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { peerChain } from '../../../core/wire/peer-chain.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';

const span = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 0, 1) };

test('`peerChain` returns the whole chain of a client at each call', async () => {
  const authority = await mintCertificate({
    subject: { commonName: 'an intermediate' },
    keys: await generateKeyPair('P-256'),
    ...span,
    ca: {},
  });
  const leaf = await mintCertificate({
    subject: { commonName: 'a device' },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: authority.certificate, keys: authority.keys },
    ...span,
  });
  const identity = { cert: leaf.pem + authority.pem, key: leaf.privateKeyPem };
  const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: false }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...identity });
  const [socket] = (await once(server, 'secureConnection')) as [TLSSocket];
  const first = peerChain(socket);
  const second = peerChain(socket);
  client.destroy();
  server.close();
  expect(first).toEqual([leaf.der, authority.der]);
  expect(second).toEqual(first);
});
