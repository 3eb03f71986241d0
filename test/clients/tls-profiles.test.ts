import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { opensslName } from '../../core/wire/tls/cipher-suites.ts';
import { tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';
import { dpsSuites, ecdheEcdsa, ecdheRsa, weakSuites } from '../../core/wire/tls/suite-lists.ts';
import { hubs, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pemOf } from '../mocks/clients/raw-https.ts';
import { ClientDesk } from './client-desk.ts';
import { clientMissing } from './client-missing.ts';

const listeners = ['https', 'mqtt', 'amqp'] as const;
const others = [
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_RSA_WITH_AES_128_CCM',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8',
];
/** The program `openssl` of this machine has no 3DES, so it cannot be offered. */
const offered = [...new Set([...dpsSuites, ...weakSuites, ...others])].filter((suite) => !suite.includes('3DES'));
const hosts = { dps: globalEndpoint, classic: hubs[0] } as const;

/** Profiles with different rules: weak and strong hubs, and an ECC certificate at hubs. */
const profiles = [
  'azure-2018',
  'azure-2024',
  'azure-2026',
  'azure-2026-ecc',
] as const satisfies readonly TlsProfileName[];

describe.skipIf(clientMissing('openssl', 'openssl')).each(profiles)(
  'openssl s_client at the services of %s',
  (profile) => {
    const desk = new ClientDesk();
    let open: OpenCloud;
    let roots: string;
    beforeAll(async () => {
      open = await openCloud({ tlsProfile: profile });
      roots = desk.file('roots.pem', open.cloud.usedServerRoots.map(pemOf).join('\n'));
    });
    afterAll(async () => {
      await open.cloud.close();
      desk.close();
    });

    async function connect(listener: (typeof listeners)[number], host: string, words: readonly string[]) {
      const { code, stdout, stderr } = await desk.run('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${open.cloud.ports[listener]}`,
        '-CAfile',
        roots,
        '-verify_return_error',
        '-servername',
        host,
        '-verify_hostname',
        host,
        ...words,
      ]);
      return { code, cipher: /Cipher is (\S+)/.exec(stdout)?.[1], alert: /alert ([a-z ]+):/.exec(stderr)?.[1] };
    }

    // One listener for each suite keeps the number of processes small. All listeners share the code of handshakes, and the tests of
    // openssl s_client with the default profile use every listener.
    test.each(offered.map((suite, at) => [suite, listeners[at % 3]!] as const))(
      '%s connects to the hosts that have it, over %s',
      async (suite, listener) => {
        for (const kind of ['dps', 'classic'] as const) {
          const settings = tlsProfileOf(profile).hosts[kind]!;
          const fits = suite.includes('_ECDSA_') === (settings.key === 'ECDSA');
          const has = settings.suites.includes(suite) && fits;
          const name = opensslName(suite)!;
          const result = await connect(listener, hosts[kind], ['-tls1_2', '-cipher', `${name}:@SECLEVEL=0`]);
          expect({ kind, ...result }).toEqual(
            has
              ? { kind, code: 0, cipher: name, alert: undefined }
              : { kind, code: 1, cipher: '(NONE)', alert: 'handshake failure' },
          );
        }
      },
    );

    // Only the newest profile has these names.
    test.each(profile === 'azure-2026' ? (['device', 'service'] as const) : [])(
      'the name %s of a hub speaks TLS 1.3 and AES-GCM of TLS 1.2',
      async (kind) => {
        const host = hubs[0].replace('.', `.${kind}.`);
        for (const words of [['-tls1_3'], ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']])
          expect(await connect('mqtt', host, words)).toMatchObject({ code: 0 });
        for (const words of [
          ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'],
          ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-SHA256'],
        ])
          expect(await connect('mqtt', host, words)).toMatchObject({ code: 1, alert: 'handshake failure' });
      },
    );

    test.each(['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const)(
      '%s connects to the hosts that speak it',
      async (version) => {
        for (const kind of ['dps', 'classic'] as const) {
          const word = version === 'TLS 1.0' ? '-tls1' : `-tls1_${version.slice(-1)}`;
          const weak = version < 'TLS 1.2' ? ['-cipher', 'ALL:@SECLEVEL=0'] : [];
          const { code, alert } = await connect('mqtt', hosts[kind], [word, ...weak]);
          const speaks = (tlsProfileOf(profile).hosts[kind]!.versions as readonly string[]).includes(version);
          expect({ kind, code, alert }).toEqual(
            speaks ? { kind, code: 0, alert: undefined } : { kind, code: 1, alert: 'protocol version' },
          );
        }
      },
    );
  },
);

test('the lists of suites are those that Azure documents', () => {
  expect([dpsSuites.length, ecdheRsa.length, ecdheEcdsa.length]).toEqual([8, 4, 4]);
  expect(tlsProfileOf('azure-2026').hosts.classic?.suites).toEqual(ecdheRsa);
});
