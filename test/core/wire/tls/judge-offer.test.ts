import { expect, test } from 'vitest';
import type { ClientHello } from '../../../../core/wire/tls/client-hello.ts';
import { judgeOffer, type HostTls } from '../../../../core/wire/tls/judge-offer.ts';
import { tlsProfileOf, type TlsProfileName } from '../../../../core/wire/tls/tls-profiles.ts';

const hostOf = (name: TlsProfileName, kind: 'dps' | 'classic' | 'device'): HostTls =>
  tlsProfileOf(name).hosts[kind] ?? expect.fail('no such host');

const rsa = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const offer = (values: Partial<ClientHello>): ClientHello => ({
  versions: ['TLS 1.3', 'TLS 1.2'],
  hasVersionList: true,
  cipherSuites: ['TLS_AES_128_GCM_SHA256', rsa],
  groups: ['x25519', 'secp256r1'],
  signatureAlgorithms: ['rsa_pss_rsae_sha256'],
  ...values,
});
const old = (version: string, ...cipherSuites: string[]): ClientHello => ({
  versions: [version],
  hasVersionList: false,
  cipherSuites,
});

test.each([
  ['the newest common version', offer({}), 'azure-2026', 'device', 'TLS 1.3'],
  ['TLS 1.2 at a host that speaks only that', offer({}), 'azure-2026', 'classic', 'TLS 1.2'],
  ['TLS 1.0 at a hub of 2024', old('TLS 1.0', 'TLS_RSA_WITH_AES_128_CBC_SHA'), 'azure-2024', 'classic', 'TLS 1.0'],
  ['TLS 1.2 for a client that names a newer version', old('0x0305', rsa), 'azure-2026', 'dps', 'TLS 1.2'],
  ['any group for a client that names none', old('TLS 1.2', rsa), 'azure-2026', 'dps', 'TLS 1.2'],
] as const)('`judgeOffer` selects %s', (_what, hello, profile, kind, version) => {
  expect(judgeOffer(hello, hostOf(profile, kind))).toMatchObject({ ok: true, version });
});

test.each([
  ['version', offer({ versions: ['GREASE', 'TLS 1.3'] }), 'dps', 'TLS 1.2', 'GREASE, TLS 1.3'],
  ['version', old('TLS 1.1', rsa), 'dps', 'TLS 1.2', 'TLS 1.1 as the newest version'],
  ['version', old('SSL 3.0', rsa), 'dps', 'TLS 1.2', 'SSL 3.0 as the newest version'],
  [
    'suite',
    offer({ cipherSuites: ['TLS_AES_128_GCM_SHA256'] }),
    'dps',
    expect.stringContaining('TLS_ECDHE_RSA_WITH'),
    'TLS_AES_128_GCM_SHA256',
  ],
  [
    'suite',
    offer({ cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] }),
    'dps',
    expect.not.stringContaining('ECDSA'),
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  ],
  [
    'suite',
    offer({ cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] }),
    'device',
    'TLS 1.3 with TLS_AES_256_GCM_SHA384 or TLS_AES_128_GCM_SHA256',
    'TLS_CHACHA20_POLY1305_SHA256',
  ],
  ['parameters', offer({ groups: ['secp224r1'] }), 'dps', expect.stringContaining('x25519'), 'secp224r1'],
  [
    'parameters',
    offer({ signatureAlgorithms: ['ecdsa_secp256r1_sha256'] }),
    'dps',
    expect.stringContaining('RSA'),
    'ecdsa_secp256r1_sha256',
  ],
] as const)('`judgeOffer` refuses an offer because of its %s: %j', (fault, hello, kind, expected, found) => {
  expect(judgeOffer(hello, hostOf('azure-2026', kind))).toEqual({ ok: false, fault, expected, found });
});

test('`judgeOffer` does not select, in TLS 1.1, a cipher suite that TLS 1.2 introduced', () => {
  const hello = old('TLS 1.1', rsa, 'TLS_RSA_WITH_AES_128_CBC_SHA');
  expect(judgeOffer(hello, hostOf('azure-2024', 'classic'))).toMatchObject({
    ok: true,
    version: 'TLS 1.1',
    suites: ['TLS_RSA_WITH_AES_128_CBC_SHA'],
  });
});
