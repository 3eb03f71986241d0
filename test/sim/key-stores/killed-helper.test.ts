import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { systemClock, wallMs, withinRealTime } from '../../../core/time/clock.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { hsmMissing } from './parts-present.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());

/** Makes a key in an HSM, connects with it and stays connected. */
const holder = `
  import { systemClock } from './core/time/clock.ts';
  import { History } from './core/history/history.ts';
  import { issueCertificate } from './core/x509/mint/mint.ts';
  import { SoftHsm } from './sim/key-stores/soft-hsm.ts';
  import { openTlsConnection } from './sim/transports/open-stream.ts';
  const { folder, port, root } = JSON.parse(process.env.ORDER);
  const { kind, publicKey, sign, handshake } = await new SoftHsm(folder).makeKeyPair('P-256');
  const now = systemClock.now();
  const leaf = await issueCertificate({
    subject: { commonName: 'it' }, publicKey, issuer: { keys: { kind, sign } }, notBefore: now - 1000, notAfter: now + 1e9,
  });
  const peer = {
    caller: 'it', host: 'localhost', port, roots: [Buffer.from(root, 'base64')], clock: systemClock,
    checksValidity: true, identity: { chainPem: leaf.pem, ...handshake },
  };
  const history = new History(systemClock);
  const stream = await openTlsConnection(peer, history);
  if (stream === undefined) throw new Error(JSON.stringify(history.events()));
  stream.write('here I am');
  setInterval(() => {}, 1000);
`;

test.skipIf(hsmMissing)(
  'after `kill -9` of the helper process, no helper process remains, even if the server keeps the connection',
  async () => {
    const now = systemClock.now();
    const validity = { notBefore: now - 1000, notAfter: now + 1e9 };
    const keys = await generateKeyPair('P-256');
    const root = await mintCertificate({ subject: { commonName: 'root' }, keys, ...validity, ca: {} });
    const server = await mintCertificate({
      subject: { commonName: 'localhost' },
      keys: await generateKeyPair('P-256'),
      issuer: { certificate: root.certificate, keys },
      ...validity,
      dnsNames: ['localhost'],
      extendedKeyUsage: ['serverAuth'],
    });
    const greeted = new Promise<{ readonly said: string; readonly commonName: unknown }>((done) => {
      listener.on('secureConnection', (socket: TLSSocket) => {
        socket.on('error', () => {});
        socket.once('data', (said) => done({ said: String(said), commonName: socket.getPeerCertificate().subject.CN }));
      });
    });
    const folder = directory.subdirectory('killed');
    listener.setSecureContext({ cert: server.pem, key: server.privateKeyPem });
    const { port } = listener.address() as AddressInfo;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', holder], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ORDER: JSON.stringify({ folder, port, root: root.der.toString('base64') }) },
    });
    expect(await withinRealTime(greeted, 50_000, 'no client connected')).toEqual({
      said: 'here I am',
      commonName: 'it',
    });
    expect(helpersOn(port)).toHaveLength(1);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const started = wallMs();
    while (helpersOn(port).length > 0) {
      if (wallMs() - started > 2000) throw new Error('a helper process is still alive after two seconds');
      await new Promise((next) => setImmediate(next));
    }
  },
);

const listener = createServer({ requestCert: true, rejectUnauthorized: false }).listen(0, '127.0.0.1');
afterAll(() => listener.close());

/** Returns the process IDs of the live helper processes that are connected to a port. */
function helpersOn(port: number): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return words[0]?.endsWith('openssl') === true && words.includes(`127.0.0.1:${port}`);
    } catch {
      return false;
    }
  });
}
