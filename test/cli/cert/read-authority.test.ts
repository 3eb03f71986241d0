import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAuthority } from '../../../cli/cert/read-authority.ts';
import { mint } from '../../core/x509/mint-chain.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-authority-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ca = await mint('ca', 0, { ca: {} });
const leaf = await mint('leaf', 1, { issuer: ca });
const encrypted = ca.keys.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });

/** Writes a certificate and a key as a CA of a lab, and returns the reason why it cannot be read. */
function problemOf(certificate: Buffer | string, key: Buffer | string): string | undefined {
  for (const [name, content] of [
    ['ca', certificate],
    ['ca-key', key],
    ['ca-chain', ca.pem],
  ] as const)
    writeFileSync(join(folder, `${name}.pem`), content);
  const read = readAuthority(folder, undefined);
  return read.ok ? undefined : read.failure.sentence.replaceAll(folder, 'pki');
}

test.each([
  ['its key', ca.pem, ca.privateKeyPem, undefined],
  ['its key, the certificate in DER', ca.der, ca.privateKeyPem, undefined],
  [
    'another key',
    ca.pem,
    leaf.privateKeyPem,
    'the key in pki/ca-key.pem does not belong to the certificate pki/ca.pem; expected the key of CN=ca',
  ],
  [
    'an encrypted key',
    ca.pem,
    encrypted,
    'pki/ca-key.pem is not a private key in PEM without a password: found an encrypted key; decrypt it with `openssl pkey -in FILE -out FILE`',
  ],
  [
    'a certificate as key',
    ca.pem,
    ca.pem,
    'pki/ca-key.pem is not a private key in PEM without a password: found CERTIFICATE',
  ],
  [
    'no PEM as key',
    ca.pem,
    ca.der,
    'pki/ca-key.pem is not a private key in PEM without a password: found no PEM block',
  ],
  ['a leaf as CA', leaf.pem, leaf.privateKeyPem, 'CN=leaf in pki/ca.pem is not a CA; expected a CA certificate'],
  [
    'a key as CA',
    ca.privateKeyPem,
    ca.privateKeyPem,
    'the CA in pki cannot be read: pki/ca.pem is not a certificate: it has a PEM block of type PRIVATE KEY, expected CERTIFICATE',
  ],
])('`rehearse cert` reads a CA with %s, or says what is wrong', (_, certificate, key, problem) => {
  expect(problemOf(certificate, key)).toBe(problem);
});
