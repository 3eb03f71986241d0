import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toPem } from '../../../../core/x509/der/pem.ts';
import { writeCertsOnly } from '../../../../sim/pki/certs-only.ts';
import { generateKeyPair } from '../../../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../../../core/x509/mint/mint.ts';
import { helloOf } from '../../../core/wire/tls/hello-of.ts';
import { runWarm } from '../../warm/warm-command.ts';

// The public roots come from the trust store of Node, because no certificate is committed.
const publicRoot = (name: string): Buffer => {
  const found = rootCertificates.find((pem) => new X509Certificate(pem).subject.includes(`CN=${name}`));
  return new X509Certificate(found ?? expect.fail(`Node has no root ${name}`)).raw;
};
let folder: string;
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-trust-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lab(name: string): Promise<Buffer> {
  const keys = await generateKeyPair('P-256');
  const subject = { commonName: `Rehearsal Test Root ${name} (throw-away)` };
  return (
    await mintCertificate({
      subject,
      keys,
      ca: {},
      notBefore: 0,
      notAfter: Date.UTC(2099, 0),
      serialNumber: Buffer.from([1]),
    })
  ).der;
}

test('rehearse trust gives the same verdict for a bundle in PEM, DER and PKCS #7', async () => {
  const der = publicRoot('DigiCert Global Root G2');
  for (const content of [
    `a comment\n${toPem(der)}`,
    der,
    writeCertsOnly([der]),
    `-----BEGIN PKCS7-----\n${writeCertsOnly([der]).toString('base64')}\n-----END PKCS7-----\n`,
  ]) {
    const { exitCode: code, stdout } = await runWarm({}, ['trust', file('roots', content), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      connectsToday: true,
      roots: [
        { root: 'digicert-global-root-g2', notAfter: '2038-01-15T12:00:00.000Z', isExpired: false, isOfLab: false },
      ],
    });
  }
});

test('rehearse trust prints roots, profiles, reasons and the date since which the device does not connect', async () => {
  const { exitCode: code, stdout } = await runWarm({}, [
    'trust',
    file('lab.pem', toPem(await lab('baltimore-cybertrust-root')) + toPem(await lab('server-root'))),
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'Baltimore CyberTrust Root, valid until 2099-01-01 (test root that a Rehearsal lab made in place of this root)',
  );
  expect(stdout).toContain('1 certificate is not a root of Azure');
  expect(stdout).toMatch(/✓ azure-2018 +2018-01-01 to 2023-02-15 +connects/);
  expect(stdout).toMatch(
    /~ azure-2023-02 .*partly\n +hub \(some hosts\): its root DigiCert Global Root G2 is not in the trust bundle/,
  );
  expect(stdout).toContain('Since 2023-02-15, it is not certain that the device connects to all hosts:');
});

test('rehearse trust asks for the bundle of the firmware if it gets only the root of a lab', async () => {
  const root = file('root.pem', toPem(await lab('server-root')));
  const { exitCode: code, stdout } = await runWarm({}, ['trust', root]);
  expect(code).toBe(1);
  expect(stdout).toBe(
    `${root}: this is the root of a lab, so no host of Azure chains to it; give the trust bundle of the firmware\n`,
  );
});

test('rehearse trust says that the reasons at the end are the reasons of today', async () => {
  const { stdout } = await runWarm({}, ['trust', file('g3.pem', toPem(publicRoot('DigiCert Global Root G3')))]);
  expect(stdout).toContain(
    'There is no period in which the device certainly connects to all hosts. The reasons today:\n',
  );
});

test('rehearse trust reads a ClientHello as octets, hexadecimal digits or JSON', async () => {
  const roots = file('g2.pem', toPem(publicRoot('DigiCert Global Root G2')));
  const record = await helloOf({
    servername: 'x.example',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-RSA-CHACHA20-POLY1305',
  });
  const offer = {
    versions: ['TLS 1.2'],
    hasVersionList: false,
    cipherSuites: ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  };
  for (const content of [
    record,
    record.subarray(5),
    record.toString('hex').replaceAll(/(..)/g, '$1 '),
    JSON.stringify(offer),
    JSON.stringify({
      events: [
        { kind: 'client-hello', hello: { ...offer, cipherSuites: [] } },
        { kind: 'client-hello', hello: offer },
      ],
    }),
  ]) {
    const { exitCode: code, stdout } = await runWarm({}, ['trust', roots, '--hello', file('hello', content)]);
    expect(code).toBe(1);
    expect(stdout).toContain('the device offers TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256');
  }
});

test.each([
  ['empty', '', 'the file is empty, expected certificates in PEM or DER'],
  [
    'text',
    'hello',
    'the file has no certificate: it is neither PEM nor DER; expected certificates in PEM, DER or PKCS #7',
  ],
  [
    'private-key',
    '-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n',
    'the file contains a private key',
  ],
  [
    'certificate-request',
    '-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n',
    'a PEM block of type CERTIFICATE REQUEST',
  ],
  ['damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'certificate 1 cannot be read'],
])('rehearse trust refuses a bundle file with wrong content: %s', async (name, content, sentence) => {
  const { exitCode: code, stderr } = await runWarm({}, ['trust', file(`${name}.pem`, content)]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) });
});

test.each([
  ['empty', '', 'the file is empty'],
  ['incomplete', '16030100', 'not complete'],
  ['http', 'GET / HTTP/1.1', 'instead of a TLS handshake record'],
  ['json', '{"events":[]}', 'the JSON has no ClientHello'],
])('rehearse trust refuses a ClientHello file with wrong content: %s', async (name, content, sentence) => {
  const roots = file('g2.pem', toPem(publicRoot('DigiCert Global Root G2')));
  const { exitCode: code, stderr } = await runWarm({}, ['trust', roots, '--hello', file(`${name}.hello`, content)]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) });
});
