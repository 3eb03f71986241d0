import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { publicKeyOfPem } from '../../../core/x509/public-key-of-pem.ts';

const pemOf = (key: KeyObject, type: 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  key.export({ format: 'pem', type }).toString();
const infoOf = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('hex');

test.each(['P-256', 'P-384', 'P-521', 'brainpoolP256t1'])(
  'reads the public key in a private key of %s',
  (namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const found = publicKeyOfPem(pemOf(privateKey));
    expect(found?.toString('hex')).toBe(infoOf(publicKey));
    expect(infoOf(createPublicKey(pemOf(privateKey)))).toBe(infoOf(publicKey));
  },
);

test('finds no public key in other keys and other text', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey;
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const cut = pemOf(curve).replace(/\n.{8}/, '\n');
  for (const text of [pemOf(rsa), pemOf(edwards), pemOf(curve, 'sec1'), cut, `${pemOf(curve)}${pemOf(curve)}`, '']) {
    expect(publicKeyOfPem(text)).toBeUndefined();
  }
});
