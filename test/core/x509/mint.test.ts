import { createPublicKey, sign, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { issueCertificate, mintCertificate } from '../../../core/x509/mint/mint.ts';
import { keyKinds } from '../../../core/x509/mint/key-pair.ts';
import { verifyChain } from '../../../core/x509/verify.ts';
import { keys, mint, mintWith, noon } from './mint-chain.ts';

describe('a minted certificate', async () => {
  const root = await mint('root', 0, { ca: { pathLength: 1 } });

  test.each(keyKinds)('with a %s key can be read and verified by Node', async (kind) => {
    const issuer = await mintWith(kind, 'issuer', { ca: {} });
    const leaf = await mintWith(kind, 'device-1', { issuer, dnsNames: ['device-1.example.com'] });
    const node = new X509Certificate(leaf.pem);
    expect(node.raw.equals(leaf.der)).toBe(true);
    expect(node.verify(issuer.keys.publicKey)).toBe(true);
    expect(node.checkIssued(new X509Certificate(issuer.der))).toBe(true);
    expect(node.subjectAltName).toBe('DNS:device-1.example.com');
    expect(node.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(node.fingerprint256.replaceAll(':', '')).toBe(leaf.certificate.thumbprintSha256);
    expect(node.fingerprint.replaceAll(':', '')).toBe(leaf.certificate.thumbprintSha1);
    expect(node.serialNumber).toBe(leaf.certificate.serialNumber.replace(/^00/, ''));
    expect(node.checkPrivateKey(leaf.keys.privateKey)).toBe(true);
    expect(leaf.privateKeyPem).toContain('BEGIN PRIVATE KEY');
    expect(
      verifyChain({
        leaf: leaf.der,
        presented: [],
        anchors: [issuer.der],
        at: noon,
        purpose: 'clientAuth',
        strict: true,
      }).ok,
    ).toBe(true);
  });

  test('has the default extensions of a CA or of a TLS client', async () => {
    const leaf = await mint('leaf', 1, { issuer: root });
    const { basicConstraints, keyUsage, extendedKeyUsage, subjectKeyIdentifier, authorityKeyIdentifier } =
      leaf.certificate;
    expect(root.certificate).toMatchObject({
      version: 3,
      basicConstraints: { ca: true, pathLength: 1 },
      selfIssued: true,
    });
    expect(root.certificate.keyUsage).toEqual(new Set(['keyCertSign', 'cRLSign']));
    expect(root.certificate.authorityKeyIdentifier?.keyIdentifier).toBe(root.certificate.subjectKeyIdentifier);
    expect({ basicConstraints, keyUsage, extendedKeyUsage }).toEqual({
      basicConstraints: { ca: false },
      keyUsage: new Set(['digitalSignature']),
      extendedKeyUsage: ['clientAuth'],
    });
    expect(authorityKeyIdentifier?.keyIdentifier).toBe(root.certificate.subjectKeyIdentifier);
    expect(subjectKeyIdentifier).not.toBe(root.certificate.subjectKeyIdentifier);
  });

  test.each([
    [Buffer.alloc(16, 0xff), `7F${'FF'.repeat(15)}`],
    [Buffer.alloc(16), '01'],
    [Buffer.concat([Buffer.from([0x80]), Buffer.alloc(15)]), '01'],
    [Buffer.from([0x80]), '0080'],
    [Buffer.from([0, 0, 5]), '05'],
  ])('has a positive serial number for any given bytes', async (serialNumber, expected) => {
    expect((await mint('leaf', 1, { serialNumber })).certificate.serialNumber).toBe(expected);
  });

  test('has a random serial number by default', async () => {
    const [one, other] = [await mint('leaf', 1), await mint('leaf', 1)];
    expect(one.certificate.serialNumber).not.toBe(other.certificate.serialNumber);
  });

  test('keeps any given common name unchanged, and can be parsed again', async () => {
    // The parser rejects names with a NUL.
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(name, async (commonName) => {
        const { der, certificate } = await mintCertificate({
          subject: { commonName },
          keys: keys[0] ?? root.keys,
          notBefore: 0,
          notAfter: 1000,
        });
        expect(certificate.commonName).toBe(commonName);
        expect(parseCertificate(der)).toEqual({ ok: true, value: certificate });
        expect(certificate.subject).not.toMatch(/\p{Cc}/u);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('has a name that is formatted as in RFC 4514', async () => {
    const { certificate } = await mint('x', 0, {
      subject: { country: 'DE', organization: 'Öl, Gas & "Co"', commonName: ' #1+2=<3>;\\ ' },
    });
    expect(certificate.subject).toBe(String.raw`CN=\ #1\+2=\<3\>\;\\\ ,O=Öl\, Gas & \"Co\",C=DE`);
  });

  test.each([
    [Date.UTC(1950, 0, 1), Date.UTC(2049, 11, 31, 23, 59, 59)],
    [Date.UTC(1999, 11, 31, 23, 59, 59), Date.UTC(2050, 0, 1)],
    [0, Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('is valid exactly from the requested first second to the requested last second', async (notBefore, notAfter) => {
    const { certificate, der } = await mint('leaf', 1, { notBefore, notAfter });
    expect(certificate).toMatchObject({ notBefore, notAfter });
    const node = new X509Certificate(der);
    expect([Date.parse(node.validFrom), Date.parse(node.validTo)]).toEqual([notBefore, notAfter]);
  });

  test('cannot be made for a time before 1950', async () => {
    const notBefore = Date.UTC(1949, 11, 31, 23, 59, 59);
    await expect(mint('leaf', 1, { notBefore })).rejects.toThrow('before 1950');
  });

  test('has an issuer name that equals the subject of its issuer, octet for octet', async () => {
    const subject = {
      country: 'DE',
      organization: 'Öl+Gas, "Nord"',
      organizationalUnit: '#7',
      commonName: ' \\0a\u{1f321} ',
      serialNumber: 'A-1',
      emailAddress: 'ca@example.com',
    };
    const ca = await mint('x', 0, { subject, ca: {} });
    const leaf = await mint('leaf', 1, { issuer: ca });
    expect(leaf.certificate.issuerName.der.equals(ca.certificate.subjectName.der)).toBe(true);
  });

  test('may contain IP addresses that are given in any notation', async () => {
    const ipAddresses = ['10.0.0.1', '::1', 'fd00::a:b', '::ffff:10.0.0.1'];
    const { der } = await mint('leaf', 1, { ipAddresses });
    expect(new X509Certificate(der).subjectAltName).toBe(
      'IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:FD00:0:0:0:0:0:A:B, IP Address:0:0:0:0:0:FFFF:A00:1',
    );
    await expect(mint('leaf', 1, { ipAddresses: ['10.0.0.256'] })).rejects.toThrow('10.0.0.256 is not an IP address');
  });

  test('omits the extensions in `without`; an extra extension replaces the default extension with the same OID', async () => {
    const value = Buffer.from([0x30, 0]);
    const { certificate } = await mint('leaf', 1, {
      without: ['subjectKeyIdentifier', 'authorityKeyIdentifier', 'keyUsage', 'extendedKeyUsage'],
      extraExtensions: [{ oid: '2.5.29.19', value }],
    });
    expect(certificate).toMatchObject({ present: ['2.5.29.19'], critical: [] });
  });

  test.each(keyKinds)(
    'can be issued for a public key whose private key is unknown; a %s key outside the process can sign it',
    async (kind) => {
      const ca = await mintWith(kind, 'ca', { ca: {} });
      const hash = kind === 'P-384' ? 'sha384' : 'sha256';
      const key = { key: ca.keys.privateKey, dsaEncoding: 'ieee-p1363' } as const;
      const asked: Buffer[] = [];
      const remote = async (body: Buffer): Promise<Buffer> => {
        asked.push(body);
        return sign(hash, body, key);
      };
      const publicKey = createPublicKey(root.keys.publicKey.export({ format: 'pem', type: 'spki' }));
      const { certificate, pem } = await issueCertificate({
        subject: { commonName: 'device-1' },
        publicKey,
        issuer: { certificate: ca.certificate, keys: { kind, sign: remote } },
        notBefore: noon,
        notAfter: noon + 1000,
      });
      expect(new X509Certificate(pem).verify(ca.keys.publicKey)).toBe(true);
      expect(new X509Certificate(pem).checkPrivateKey(root.keys.privateKey)).toBe(true);
      expect(asked).toEqual([certificate.signature.signed]);
    },
  );

  test('has a critical `subjectAltName` if its subject is empty', async () => {
    const { certificate } = await mint('', 1, { subject: {}, dnsNames: ['a.example.com'], issuer: root });
    expect(certificate.subject).toBe('');
    expect(
      verifyChain({ leaf: certificate, presented: [], anchors: [root.der], at: noon, purpose: 'any', strict: true }).ok,
    ).toBe(true);
  });
});
