import { expect, test } from 'vitest';
import { generateKeyPair, generateRsaAhead } from '../../../../core/x509/mint/key-pair.ts';

test('RSA keys that were generated ahead are used once each, and later keys are new', async () => {
  generateRsaAhead(2);
  const pairs = await Promise.all([1, 2, 3].map(() => generateKeyPair('RSA-2048')));
  const moduli = new Set(pairs.map(({ publicKey }) => publicKey.export({ format: 'jwk' }).n));
  expect(moduli.size).toBe(3);
  for (const { kind, publicKey, privateKey } of pairs) {
    expect(kind).toBe('RSA-2048');
    expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(privateKey.export({ format: 'jwk' }).n).toBe(publicKey.export({ format: 'jwk' }).n);
  }
});
