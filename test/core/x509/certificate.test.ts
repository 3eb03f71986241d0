import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificateSizeLimit, parseCertificate } from '../../../core/x509/certificate.ts';
import { tags } from '../../../core/x509/der/der.ts';
import { writeBoolean, writeDer, writeInteger, writeOid, writeSequence } from './der-write.ts';
import { mintDer } from '../../../core/x509/mint/mint.ts';
import { extensionOids } from '../../../core/x509/der/oids.ts';
import { forge } from './forge.ts';
import { keys, mint } from './mint-chain.ts';

describe('the certificate reader', async () => {
  const root = await mint('root', 0, { ca: {} });
  const leaf = await mint('leaf', 1, { issuer: root, dnsNames: ['a.example.com'] });

  test('returns the same certificate for DER, PEM text and PEM octets', () => {
    const read = parseCertificate(leaf.der);
    expect(read.ok).toBe(true);
    expect(parseCertificate(leaf.pem)).toEqual(read);
    expect(parseCertificate(Buffer.from(`some text before\n${leaf.pem}`).toString())).toEqual(read);
    expect(parseCertificate(Buffer.from(leaf.pem))).toEqual(read);
  });

  test('returns a frozen result that does not share the input octets', () => {
    const octets = Buffer.from(leaf.der);
    const read = parseCertificate(octets);
    octets.fill(0);
    expect(read).toMatchObject({ ok: true, value: { commonName: 'leaf', subject: 'CN=leaf' } });
    if (read.ok) expect(Object.isFrozen(read.value) && read.value.der.equals(leaf.der)).toBe(true);
  });

  test('reads, as OpenSSL does, a certificate with an empty list of extensions, which mbed TLS writes', () => {
    const der = forge(leaf, root, (fields) => fields.with(7, writeDer(0xa3, writeSequence())));
    expect(new X509Certificate(der).subject).toBe('CN=leaf');
    expect(parseCertificate(der)).toMatchObject({ ok: true, value: { version: 3, present: [], critical: [] } });
  });

  test.each([
    ['an INTEGER', 0x02],
    ['a VisibleString', 0x1a],
    ['an OCTET STRING', 0x04],
    ['a context-specific tag', 0x8c],
  ])('refuses, as OpenSSL does, a name whose value is %s', (_, tag) => {
    const text = writeDer(0x0c, Buffer.from('leaf'));
    const name = leaf.certificate.subjectName.der;
    const changed = Buffer.from(name);
    changed[name.indexOf(text)] = tag;
    const der = forge(leaf, root, (fields) => fields.with(5, changed));
    expect(() => new X509Certificate(der)).toThrow();
    expect(parseCertificate(der)).toMatchObject({
      failure: { sentence: expect.stringContaining('expected a character string') as unknown },
    });
  });

  test.each([
    ['a BIT STRING', 0x03],
    ['a NumericString', 0x12],
  ])('reads, as OpenSSL does, a name whose value is %s', (_, tag) => {
    const name = leaf.certificate.subjectName.der;
    const changed = Buffer.from(name);
    changed[name.indexOf(writeDer(0x0c, Buffer.from('leaf')))] = tag;
    expect(parseCertificate(forge(leaf, root, (fields) => fields.with(5, changed))).ok).toBe(true);
  });

  test('returns equal names for texts that differ in case, white space or string type', async () => {
    const twin = await mint('x', 0, { subject: { organization: '  CONTOSO   Ltd ', commonName: 'Plant' } });
    const other = await mint('x', 0, { subject: { organization: 'contoso ltd', commonName: 'PLANT' } });
    expect(twin.certificate.subjectName.key).toBe(other.certificate.subjectName.key);
    const printable = forge(other, other, (fields) =>
      fields.with(5, Buffer.from(fields[5]?.toString('hex').replace(/0c(?=0b|05)/g, '13') ?? '', 'hex')),
    );
    const read = parseCertificate(printable);
    expect(read.ok && read.value.subjectName.key).toBe(twin.certificate.subjectName.key);
    const unlike = await mint('x', 0, { subject: { organization: 'contoso ltd.', commonName: 'PLANT' } });
    expect(unlike.certificate.subjectName.key).not.toBe(twin.certificate.subjectName.key);
  });

  test('reads a name in 16-bit characters', () => {
    const value = writeDer(tags.bmpString, Buffer.from('Ölpumpe', 'utf16le').swap16());
    const name = writeSequence(writeDer(tags.set, writeSequence(writeOid('2.5.4.3'), value)));
    const read = parseCertificate(forge(leaf, root, (fields) => fields.with(5, name)));
    expect(read).toMatchObject({ ok: true, value: { commonName: 'Ölpumpe', subject: 'CN=Ölpumpe' } });
  });

  test('escapes control characters of a name', async () => {
    const { certificate } = await mint('a\u001b[2Jb\u202ec', 0);
    expect(certificate.subject).toBe(String.raw`CN=a\1B[2Jb\E2\80\AEc`);
  });

  test('reads a negative serial number unchanged', () => {
    const read = parseCertificate(forge(leaf, root, (fields) => fields.with(1, Buffer.from([0x02, 0x01, 0xfb]))));
    expect(read).toMatchObject({ ok: true, value: { serialNumber: 'FB' } });
  });

  test('accepts an extension with an explicit critical flag of false', () => {
    const spelledOut = writeSequence(
      writeOid('1.2.3.4'),
      writeBoolean(false),
      writeDer(tags.octetString, Buffer.alloc(1)),
    );
    const read = parseCertificate(
      forge(leaf, root, (fields) => fields.with(7, writeDer(0xa3, writeSequence(spelledOut)))),
    );
    expect(read).toMatchObject({ ok: true, value: { present: ['1.2.3.4'], critical: [] } });
  });

  test.each<[string, (fields: Buffer[]) => readonly Buffer[]]>([
    ['a fourth version', (fields) => fields.with(0, Buffer.from([0xa0, 3, 2, 1, 3]))],
    ['version 1 spelled out', (fields) => fields.with(0, Buffer.from([0xa0, 3, 2, 1, 0]))],
    ['a serial number that is not minimal', (fields) => fields.with(1, Buffer.from([2, 2, 0, 1]))],
    ['an empty serial number', (fields) => fields.with(1, Buffer.from([2, 0]))],
    ['no validity', (fields) => fields.toSpliced(4, 1)],
    ['a 30 February', (fields) => fields.with(4, validity('260230000000Z', '270101000000Z'))],
    ['the hour 24', (fields) => fields.with(4, validity('260101240000Z', '270101000000Z'))],
    ['a time with an offset', (fields) => fields.with(4, validity('2601010000+0100', '270101000000Z'))],
    ['a time without seconds', (fields) => fields.with(4, validity('2601010000Z', '270101000000Z'))],
    [
      'a public key that is none',
      (fields) => fields.with(6, writeSequence(writeSequence(writeOid('1.2.3')), Buffer.from([3, 2, 0, 1]))),
    ],
    ['extensions twice', (fields) => [...fields, fields[7] ?? Buffer.alloc(0)]],
    ['something behind the extensions', (fields) => [...fields, writeInteger(Buffer.from([1]))]],
    ['an indefinite length', (fields) => fields.with(5, Buffer.from([0x30, 0x80, 0, 0]))],
    ['a length that is not minimal', (fields) => fields.with(5, Buffer.from([0x30, 0x81, 0]))],
    ['an empty part of a name', (fields) => fields.with(5, writeSequence(writeDer(tags.set)))],
  ])('refuses %s with an error sentence', (_, edit) => {
    const read = parseCertificate(forge(leaf, root, edit));
    expect(read).toMatchObject({
      ok: false,
      failure: { sentence: expect.stringMatching(/^not a certificate: .{10}/) as unknown },
    });
  });

  test.each([
    ['a truth of 01', extensionOids.basicConstraints, writeSequence(writeDer(tags.boolean, Buffer.from([1])))],
    [
      'a negative path length',
      extensionOids.basicConstraints,
      writeSequence(writeBoolean(true), Buffer.from([2, 1, 0xff])),
    ],
    ['octets behind the value', extensionOids.basicConstraints, Buffer.concat([writeSequence(), Buffer.from([0])])],
    ['a NUL in a name', extensionOids.subjectAltName, writeSequence(writeDer(0x82, Buffer.from('a.com\0.evil.net')))],
    ['a name of an unknown form', extensionOids.subjectAltName, writeSequence(writeDer(0x89, Buffer.from('a')))],
    [
      'a policy twice',
      extensionOids.certificatePolicies,
      writeSequence(writeSequence(writeOid('1.2.3')), writeSequence(writeOid('1.2.3'))),
    ],
    [
      'a mapping of any policy',
      extensionOids.policyMappings,
      writeSequence(writeSequence(writeOid('2.5.29.32.0'), writeOid('1.2.3'))),
    ],
    [
      'a padded object identifier',
      extensionOids.extendedKeyUsage,
      writeSequence(writeDer(tags.oid, Buffer.from([0x2a, 0x80, 0x01]))),
    ],
  ])('refuses an extension with %s', async (_, oid, value) => {
    const [pair] = keys;
    if (pair === undefined) throw new Error('no keys');
    const der = await mintDer({
      subject: {},
      keys: pair,
      notBefore: 0,
      notAfter: 1000,
      extraExtensions: [{ oid, value }],
    });
    expect(parseCertificate(der)).toMatchObject({
      ok: false,
      failure: { sentence: expect.stringMatching(/^not a certificate: /) as unknown },
    });
  });

  test('refuses a certificate that exceeds the size limit by one octet', () => {
    expect(parseCertificate(Buffer.alloc(certificateSizeLimit + 1))).toEqual({
      ok: false,
      failure: {
        code: 'certificate-too-large',
        sentence: 'the certificate has 65537 octets, more than the limit of 65536',
      },
    });
    expect(parseCertificate(`-----BEGIN CERTIFICATE-----${'A'.repeat(120_000)}-----END CERTIFICATE-----`).ok).toBe(
      false,
    );
  });

  test('returns the same fields as Node for minted certificates', () => {
    expect(new X509Certificate(leaf.der).subject).toBe('CN=leaf');
  });
});

function validity(from: string, to: string): Buffer {
  return writeSequence(writeDer(tags.utcTime, Buffer.from(from)), writeDer(tags.utcTime, Buffer.from(to)));
}
