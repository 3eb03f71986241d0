import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { opensslName } from '../../core/wire/tls/cipher-suites.ts';
import { hostKinds, type HostKind } from '../../core/wire/tls/host-kind.ts';
import type { HostTls } from '../../core/wire/tls/judge-offer.ts';
import { tlsProfileNames, tlsProfileOf } from '../../core/wire/tls/tls-profiles.ts';
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
/** Debian builds `openssl` without 3DES, so this test cannot offer 3DES suites. */
const offered = [...new Set([...dpsSuites, ...weakSuites, ...others])].filter((suite) => !suite.includes('3DES'));
const hosts: Readonly<Record<HostKind, string>> = {
  dps: globalEndpoint,
  classic: hubs[0],
  device: hubs[0].replace('.', '.device.'),
  service: hubs[0].replace('.', '.service.'),
};

describe.skipIf(clientMissing('openssl', 'openssl')).each(tlsProfileNames)(
  'openssl s_client at the services of %s',
  (profile) => {
    const desk = new ClientDesk();
    const kinds = hostKinds.filter((kind) => tlsProfileOf(profile).hosts[kind] !== undefined);
    let open: OpenCloud;
    let roots: string;
    let runs = 0;
    beforeAll(async () => {
      open = await openCloud({ tlsProfile: profile });
      roots = desk.file('roots.pem', open.cloud.usedServerRoots.map(pemOf).join('\n'));
    });
    afterAll(async () => {
      await open.cloud.close();
      desk.close();
    });

    // Each call uses the next listener in turn, so that the number of processes stays small. All listeners share the code of handshakes,
    // and the tests of openssl s_client with the default profile use every listener.
    async function connect(host: string, words: readonly string[]) {
      const listener = listeners[runs++ % 3]!;
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
    const accepted = (name: string) => ({ code: 0, cipher: name, alert: undefined });
    const refused = (alert: string) => ({ code: 1, cipher: '(NONE)', alert });

    describe.each(kinds)('the host %s', (kind) => {
      const settings: HostTls = tlsProfileOf(profile).hosts[kind]!;
      const host = hosts[kind];
      const spoken = suitesOf(settings, offered);

      test.each(spoken)('accepts a client that offers only the cipher suite %s', async (suite) => {
        const name = opensslName(suite)!;
        expect(await connect(host, ['-tls1_2', '-cipher', `${name}:@SECLEVEL=0`])).toEqual(accepted(name));
        if (!suite.endsWith('_CBC_SHA') || !settings.versions.includes('TLS 1.0')) return;
        for (const version of ['-tls1', '-tls1_1']) {
          expect(await connect(host, [version, '-cipher', `${name}:@SECLEVEL=0`])).toEqual(accepted(name));
        }
      });

      // If the host had one of these suites, it would accept the client. So one process tests all these suites.
      test('refuses a client that offers all cipher suites except those of the host', async () => {
        const names = offered.filter((suite) => !spoken.includes(suite)).map((suite) => opensslName(suite)!);
        expect(names.length).toBeGreaterThan(others.length);
        const refusal = await connect(host, ['-tls1_2', '-cipher', `${names.join(':')}:@SECLEVEL=0`]);
        expect(refusal).toEqual(refused('handshake failure'));
      });

      test.each(versionWords)('accepts %s only if the TLS profile has this version', async (version, words) => {
        const { code, alert } = await connect(host, words);
        const expected = settings.versions.includes(version) ? accepted('') : refused('protocol version');
        expect({ code, alert }).toEqual({ code: expected.code, alert: expected.alert });
      });

      test.each(settings.versions.includes('TLS 1.3') ? suites13 : [])(
        'accepts a TLS 1.3 client that offers only %s if and only if the TLS profile has this suite',
        async (suite) => {
          const expected = settings.suites.includes(suite) ? accepted(suite) : refused('handshake failure');
          expect(await connect(host, ['-tls1_3', '-ciphersuites', suite])).toEqual(expected);
        },
      );
    });
  },
);

/** Returns the suites of a list that a host has for TLS 1.2 and its key. */
function suitesOf({ suites, key }: HostTls, list: readonly string[]): readonly string[] {
  return list.filter((suite) => suites.includes(suite) && suite.includes('_ECDSA_') === (key === 'ECDSA'));
}

const versionWords = [
  ['TLS 1.0', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0']],
  ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0']],
  ['TLS 1.2', ['-tls1_2']],
  ['TLS 1.3', ['-tls1_3']],
] as const;

const suites13 = ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'];

test('every profile is tested at each of its hosts, with the number of suites that Azure documents', () => {
  const rows = tlsProfileNames.map((profile) => {
    const { hosts: served } = tlsProfileOf(profile);
    return [profile, hostKinds.flatMap((kind) => (served[kind] ? suitesOf(served[kind], offered).length : []))];
  });
  // Each row has the number of suites of DPS and of the classic host name of a hub. If the hub has the host names `device` and `service`,
  // their numbers follow.
  expect(Object.fromEntries(rows)).toEqual({
    'azure-2018': [4, 14],
    'azure-2020-min-tls-1.2': [4, 4],
    'azure-2021-ecc': [4, 4],
    'azure-2023-02': [4, 14],
    'azure-2023-10': [4, 14],
    'azure-2024-01': [4, 14],
    'azure-2024': [4, 14],
    'azure-2025': [4, 4],
    'azure-2026': [4, 4, 2, 2],
    'azure-2026-ecc': [4, 4],
    'azure-other-root': [4, 4, 2, 2],
    'azure-sovereign-2018': [4, 14],
    'azure-sovereign-2025': [4, 4],
  });
});

test('the lists of cipher suites are as long as in the Azure documentation, and the latest profile uses the ECDHE-RSA list', () => {
  expect([dpsSuites.length, ecdheRsa.length, ecdheEcdsa.length]).toEqual([8, 4, 4]);
  expect(tlsProfileOf('azure-2026').hosts.classic?.suites).toEqual(ecdheRsa);
});
