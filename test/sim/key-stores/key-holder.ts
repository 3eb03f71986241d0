import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { systemClock } from '../../../core/time/clock.ts';
import { History } from '../../../core/history/history.ts';
import { issueCertificate, mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import type { KeyStore } from '../../../sim/key-stores/key-store.ts';
import { SoftHsm } from '../../../sim/key-stores/soft-hsm.ts';
import { SoftwareKeys } from '../../../sim/key-stores/software-keys.ts';
import { TpmKeys } from '../../../sim/key-stores/tpm-keys.ts';
import { openTlsConnection } from '../../../sim/transports/open-stream.ts';

// A separate process for own-memory.test.ts. It makes a key, and makes a TLS handshake with this key. Prints the public key, and the
// parameters by which a helper program uses the private key. Stays connected until its input ends. Arguments: name of the key store,
// folder.

const [name = '', folder = ''] = process.argv.slice(2);
const chipFolder = join(folder, 'chip');
mkdirSync(chipFolder);
const chip = new TpmChip(chipFolder, 'sdk');
const stores: Record<string, () => KeyStore> = {
  file: () => new SoftwareKeys(),
  hsm: () => new SoftHsm(folder),
  tpm: () => new TpmKeys(chip, folder),
};
const store = stores[name]?.();
if (store === undefined) throw new Error(`there is no key store "${name}"`);

const now = systemClock.now();
const validity = { notBefore: now - 1000, notAfter: now + 1e9 };
const rootKeys = await generateKeyPair('P-256');
const root = await mintCertificate({ subject: { commonName: 'root' }, keys: rootKeys, ...validity, ca: {} });
const { pem: cert, privateKeyPem: key } = await mintCertificate({
  subject: { commonName: 'localhost' },
  keys: await generateKeyPair('P-256'),
  issuer: { certificate: root.certificate, keys: rootKeys },
  ...validity,
  dnsNames: ['localhost'],
  extendedKeyUsage: ['serverAuth'],
});
const listener = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }).listen(0, '127.0.0.1');
await once(listener, 'listening');

const pair = await store.makeKeyPair('P-256');
const leaf = await issueCertificate({
  subject: { commonName: 'it' },
  publicKey: pair.publicKey,
  issuer: { keys: pair },
  ...validity,
});
const greeted = once(listener, 'secureConnection');
const history = new History(systemClock);
const stream = await openTlsConnection(
  {
    caller: 'it',
    host: 'localhost',
    port: (listener.address() as AddressInfo).port,
    roots: [root.der],
    clock: systemClock,
    checksValidity: true,
    identity: { chainPem: leaf.pem, ...pair.handshake },
  },
  history,
);
if (stream === undefined) throw new Error(JSON.stringify(history.events()));
const [socket] = await greeted;
// Only the key store `file` has the key as PEM. The test then searches the memory of this process for the key in this file.
if ('keyPem' in pair.handshake) writeFileSync(join(folder, 'key.pem'), pair.handshake.keyPem);
process.stdout.write(
  `${JSON.stringify({
    peer: socket.getPeerCertificate().subject.CN,
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    access: name === 'hsm' && 'held' in pair.handshake ? (await pair.handshake.held.access()).words.join(' ') : '',
  })}\n`,
);
process.stdin.resume();
await once(process.stdin, 'end');
// Uses the key once more, so that the garbage collector does not free the memory of the key before the test searches it.
await pair.sign(Buffer.from('the last thing'));
stream.destroy();
socket.destroy();
listener.close();
await chip.powerOff();
