import { expect, test } from 'vitest';
import { trustVerdicts } from '../../../../core/findings/trust/trust-verdicts.ts';
import type { ClientHello } from '../../../../core/wire/tls/client-hello.ts';
import type { PublicRootName } from '../../../../core/wire/tls/public-roots.ts';

const verdict = (roots: readonly PublicRootName[], hello?: ClientHello) => trustVerdicts(new Set(roots), hello);
const results = (roots: readonly PublicRootName[], hello?: ClientHello) =>
  Object.fromEntries(verdict(roots, hello).profiles.map(({ profile, result }) => [profile, result]));

const strong: ClientHello = {
  versions: ['TLS 1.2'],
  hasVersionList: false,
  cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  groups: ['secp256r1'],
  signatureAlgorithms: ['rsa_pkcs1_sha256'],
};

test('a client that trusts only the Baltimore root is reported as disconnected since the date when the first hub got another root', () => {
  const { connectsToday, lostSince, reasons } = verdict(['baltimore-cybertrust-root']);
  expect({ connectsToday, lostSince }).toEqual({ connectsToday: false, lostSince: '2023-02-15' });
  expect(reasons).toEqual(['hub: its root DigiCert Global Root G2 is not in the trust bundle']);
  expect(results(['baltimore-cybertrust-root'])).toMatchObject({
    'azure-2018': 'connects',
    'azure-2023-02': 'partly',
    'azure-2023-10': 'refused',
    'azure-2024-01': 'refused',
    'azure-2026': 'refused',
    'azure-other-root': 'refused',
  });
});

test('a client that trusts only DigiCert Global Root G2 connects today, but not after a change of Azure to another root', () => {
  expect(verdict(['digicert-global-root-g2'])).toMatchObject({ connectsToday: true, untilAtMost: '2038-01-15' });
  expect(results(['digicert-global-root-g2'])).toMatchObject({
    'azure-2018': 'refused',
    'azure-2024-01': 'partly',
    'azure-2024': 'connects',
    'azure-2026-ecc': 'refused',
    'azure-other-root': 'refused',
  });
});

test('a client cannot connect to a host after the host drops the last cipher suite that the client offers', () => {
  const roots = ['baltimore-cybertrust-root', 'digicert-global-root-g2', 'microsoft-rsa-root-2017'] as const;
  expect(verdict(roots, strong)).toMatchObject({ connectsToday: true });
  const weak = { ...strong, cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] };
  expect(verdict(roots, weak)).toMatchObject({
    connectsToday: false,
    reasons: [
      expect.stringContaining('DPS: no common cipher suite'),
      expect.stringContaining('hub: no common cipher suite'),
    ],
  });
  const mixed = trustVerdicts(new Set(roots), weak).profiles.find(({ profile }) => profile === 'azure-2024');
  expect(mixed?.hosts).toMatchObject([
    { host: 'dps', result: 'refused' },
    { host: 'classic', result: 'connects' },
  ]);
});

test('every TLS profile has a source, and in the global cloud each profile begins when the previous profile ends', () => {
  const { profiles } = verdict([]);
  expect(profiles.length).toBeGreaterThanOrEqual(12);
  expect(profiles.every(({ source }) => source.length > 10)).toBe(true);
  const timeline = profiles.filter(({ line }) => line === 'public');
  expect(timeline.slice(0, -1).map(({ until }) => until)).toEqual(timeline.slice(1).map(({ from }) => from));
});
