import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { generateKeyPair, type KeyKind } from '../../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { keyMatches } from '../../../sim/devices/key-matches.ts';

async function certificateOf(kind: KeyKind) {
  const keys = await generateKeyPair(kind);
  const minted = await mintCertificate({ subject: { commonName: 'pump-1' }, keys, notBefore: 0, notAfter: 1e12 });
  const pem = (type: 'pkcs8' | 'sec1' | 'pkcs1'): string => keys.privateKey.export({ format: 'pem', type }).toString();
  return { of: (keyPem: string) => ({ leaf: minted.der, chainPem: minted.pem, keyPem }), pem };
}

test.each([
  ['P-256', ['pkcs8', 'sec1']],
  ['P-384', ['pkcs8', 'sec1']],
  ['RSA-2048', ['pkcs8', 'pkcs1']],
] as const)('accepts the key of a certificate, in each format, and no other key: %s', async (kind, formats) => {
  const certificate = await certificateOf(kind);
  const other = await certificateOf(kind);
  for (const format of formats) {
    expect(keyMatches(certificate.of(certificate.pem(format)))).toBe(true);
    expect(keyMatches(certificate.of(other.pem(format)))).toBe(false);
  }
});

test('rejects a key of another kind than the certificate', async () => {
  const certificate = await certificateOf('P-256');
  const { privateKey } = generateKeyPairSync('ed25519');
  expect(keyMatches(certificate.of(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()))).toBe(false);
});
