import { once } from 'node:events';
import { connect } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import { snapshotToJson, snapshotFromJson, type CloudSnapshot } from '../../core/cloud/snapshot.ts';
import { hubs, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pemOf } from '../mocks/clients/raw-https.ts';
import { ClientDesk } from './client-desk.ts';
import { clientMissing } from './client-missing.ts';

const listeners = ['https', 'mqtt', 'amqp'] as const;
type Listener = (typeof listeners)[number];

const modes = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA256', 'AES256-SHA384'];

describe.skipIf(clientMissing('openssl', 'openssl'))('openssl s_client', () => {
  const desk = new ClientDesk();
  const clouds = new Map<FidelitySettings['serverKey'], { open: OpenCloud; root: string }>();

  beforeAll(async () => {
    for (const serverKey of ['RSA-2048', 'P-256'] as const) {
      const open = await openCloud(serverKey === 'RSA-2048' ? {} : { fidelity: { ...defaultFidelity, serverKey } });
      clouds.set(serverKey, { open, root: desk.file(`${serverKey}.pem`, pemOf(open.cloud.serverRoot)) });
    }
  });
  afterAll(async () => {
    for (const { open } of clouds.values()) await open.cloud.close();
    desk.close();
  });

  /** Completes a handshake in which openssl verifies chain and name, and ends the connection. */
  async function handshake(serverKey: FidelitySettings['serverKey'], listener: Listener, words: readonly string[]) {
    const { open, root } = clouds.get(serverKey)!;
    return desk.run('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${open.cloud.ports[listener]}`,
      '-CAfile',
      root,
      '-verify_return_error',
      ...words,
    ]);
  }
  const asking = (host: string): string[] => ['-servername', host, '-verify_hostname', host];

  // The listener of HTTPS also serves WebSockets.
  describe.each(listeners)('at the listener of %s', (listener) => {
    test.each(modes)('connects with only the cipher suite ECDHE-RSA-%s', async (mode) => {
      const suite = `ECDHE-RSA-${mode}`;
      for (const host of [globalEndpoint, hubs[0]]) {
        const { code, stdout } = await handshake('RSA-2048', listener, [
          ...asking(host),
          '-tls1_2',
          '-cipher',
          suite,
          // A client without ECDSA does not accept ECDSA signatures in the chain either (RFC 5246 7.4.2).
          '-sigalgs',
          'RSA+SHA256:RSA-PSS+SHA256',
        ]);
        expect({ code, suite: /Cipher is (\S+)/.exec(stdout)?.[1] }).toEqual({ code: 0, suite });
        expect(stdout).toContain('Server public key is 2048 bit');
      }
    });

    test.each(modes)('connects with only the cipher suite ECDHE-ECDSA-%s if `serverKey` is P-256', async (mode) => {
      const suite = `ECDHE-ECDSA-${mode}`;
      const { code, stdout } = await handshake('P-256', listener, [
        ...asking(globalEndpoint),
        '-tls1_2',
        '-cipher',
        suite,
      ]);
      expect({ code, suite: /Cipher is (\S+)/.exec(stdout)?.[1] }).toEqual({ code: 0, suite });
    });

    test('accepts the maximum fragment length that a client asks for', async () => {
      const words = ['-tls1_2', '-maxfraglen', '1024', '-tlsextdebug'];
      const { code, stdout } = await handshake('RSA-2048', listener, [...asking(hubs[0]), ...words]);
      expect({ code, accepts: stdout.includes('TLS server extension "max fragment length"') }).toEqual({
        code: 0,
        accepts: true,
      });
    });

    test.each([
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'AES128-GCM-SHA256',
      'AES128-SHA',
      'ECDHE-RSA-AES128-SHA',
      'DHE-RSA-AES128-GCM-SHA256',
      'ECDHE-RSA-CHACHA20-POLY1305',
    ])('is refused with only the cipher suite %s', async (suite) => {
      const { code, stderr } = await handshake('RSA-2048', listener, [
        ...asking(globalEndpoint),
        '-tls1_2',
        '-cipher',
        `${suite}:@SECLEVEL=0`,
      ]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/alert handshake failure/);
    });

    test.each(['-tls1', '-tls1_1'])('is refused with the option %s', async (version) => {
      const { code, stderr } = await handshake('RSA-2048', listener, [
        ...asking(globalEndpoint),
        version,
        '-cipher',
        'ALL:@SECLEVEL=0',
      ]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/alert protocol version/);
    });

    test('receives the leaf certificate without the root', async () => {
      const { stdout } = await handshake('RSA-2048', listener, [...asking(globalEndpoint), '-showcerts']);
      const shown = stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
      expect(shown).toHaveLength(1);
      expect(new X509Certificate(shown[0]!).subjectAltName).toContain(`DNS:${globalEndpoint}`);
      expect(stdout).toContain('Verification: OK');
    });

    test('gets a new session for each connection, even if it offers to resume one', async () => {
      const { stdout } = await handshake('RSA-2048', listener, [...asking(globalEndpoint), '-tls1_2', '-reconnect']);
      expect(stdout.match(/^(New|Reused),/gm)).toEqual(Array.from({ length: 6 }, () => 'New,'));
    });

    test('gets the alert "no renegotiation" when it renegotiates', async () => {
      const { cloud } = clouds.get('RSA-2048')!.open;
      const to = { host: '127.0.0.1', port: cloud.ports[listener], servername: globalEndpoint };
      const socket = connect({ ...to, ca: pemOf(cloud.serverRoot), maxVersion: 'TLSv1.2' });
      await once(socket, 'secureConnect');
      const failed = once(socket, 'error');
      socket.renegotiate({}, () => {});
      const [error] = (await failed) as [Error];
      socket.destroy();
      expect(error.message).toMatch(/no renegotiation/);
    });
  });
});

test('after a restart without `serverKey`, a cloud with P-256 server keys keeps its root and gets an RSA-2048 leaf certificate', async () => {
  const former = await openCloud({
    serverRoots: ['old', 'new'],
    fidelity: { ...defaultFidelity, serverKey: 'P-256' },
  });
  await former.cloud.operator.replaceServerRoot('new', { crossSigned: true });
  const saved = snapshotFromJson(snapshotToJson(former.cloud.snapshot())) as CloudSnapshot;
  const ca = pemOf(former.cloud.serverRoots.get('old')!);
  await former.cloud.close();
  const { cloud } = await openCloud({ saved });
  const socket = connect({
    host: '127.0.0.1',
    port: cloud.ports.https,
    servername: globalEndpoint,
    ca,
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
  });
  await once(socket, 'secureConnect');
  expect(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe('rsa');
  socket.destroy();
  await cloud.close();
});
