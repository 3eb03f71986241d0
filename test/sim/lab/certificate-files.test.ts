import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadLab } from '../../../sim/lab/load.ts';
import { mint, noon } from '../../core/x509/mint-chain.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-lab-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));
const root = await mint('root', 0, { ca: {} });
const leaf = await mint('camera', 1, { issuer: root });

/** Returns the certificate of the lab file, or the messages about its mistakes. */
function load(content: Buffer | string): Buffer | string | undefined {
  writeFileSync(join(folder, 'camera.pem'), content);
  const text = 'enrollments: { camera: { x509: { certificate: camera.pem } } }\n';
  const read = loadLab(join(folder, 'lab.yaml'), text, noon);
  return read.ok ? read.lab.certificates.get('camera.pem') : read.mistakes.map(({ message }) => message).join('\n');
}

test.each([
  ['PEM', leaf.pem],
  ['PEM with a byte order mark and lines that end as in Windows', `\uFEFF${leaf.pem.replaceAll('\n', '\r\n')}`],
  ['PEM with the issuer behind the certificate', leaf.pem + root.pem],
  ['DER', leaf.der],
])('a lab file names a certificate in %s', (_, content) => {
  expect(load(content)).toEqual(leaf.der);
});

test('a lab file names a self-signed certificate twice in one file', () => {
  expect(load(root.pem + root.pem)).toEqual(root.der);
});

test('a lab file whose certificate file begins with the issuer has a mistake', () => {
  expect(load(root.pem + leaf.pem)).toBe(
    'camera.pem begins with CN=root, which is the issuer of CN=camera in the same file; put the certificate of the device first',
  );
});

test('a lab file whose certificate file is a key has a mistake that says so', () => {
  expect(load(leaf.privateKeyPem)).toBe(
    'camera.pem cannot be used: not a certificate: it has a PEM block of type PRIVATE KEY, expected CERTIFICATE; expected a certificate in PEM or DER',
  );
});
