import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../../core/x509/verify.ts';
import { mintDer } from '../../../core/x509/mint/mint.ts';
import { extensionOids } from '../../../core/x509/der/oids.ts';
import { toPem } from '../../../core/x509/der/pem.ts';
import { writeCount, writeDer, writeOid, writeSequence } from './der-write.ts';
import { keys, mint, noon } from './mint-chain.ts';
import { askOpenssl } from './oracle/openssl-verify.ts';

const uri = writeDer(0x86, Buffer.from('http://crl.example.com/ca.crl'));
const keyPointer = writeDer(0x80, Buffer.alloc(20, 7));
const place = writeDer(0xa0, writeDer(0xa0, uri));
const reasons = writeDer(0x81, Buffer.from([1, 6]));
const issuerName = writeDer(0xa2, writeDer(0x86, Buffer.from('http://ca.example.com')));
const id = writeOid('1.2.3');
const statement = writeOid('1.3.6.1.5.5.7.2.1');
const policy = (...qualifiers: Buffer[]): Buffer => writeSequence(writeSequence(id, writeSequence(...qualifiers)));
const otherName = (...parts: Buffer[]): Buffer => writeSequence(writeDer(0xa0, ...parts));
const access = writeOid('1.3.6.1.5.5.7.48.1');

type Extension = keyof typeof extensionOids;
/** The extension, its fault, its value, and a program other than Rehearsal that refuses the value. */
type Malformed = readonly [Extension, string, Buffer, 'openssl' | 'Go'];

const malformed: readonly Malformed[] = [
  [
    'authorityKeyIdentifier',
    'a constructed [0]',
    writeSequence(writeDer(0xa0, writeDer(4, Buffer.from('k')))),
    'openssl',
  ],
  ['authorityKeyIdentifier', 'an unknown [5]', writeSequence(writeDer(0x85, Buffer.from('x'))), 'openssl'],
  ['authorityKeyIdentifier', 'a NULL inside', writeSequence(writeDer(5)), 'openssl'],
  [
    'authorityKeyIdentifier',
    'fields in another order',
    writeSequence(writeDer(0x82, Buffer.of(1)), keyPointer),
    'openssl',
  ],
  ['crlDistributionPoints', 'an INTEGER', writeCount(5), 'openssl'],
  ['crlDistributionPoints', 'no octets', Buffer.alloc(0), 'openssl'],
  ['crlDistributionPoints', 'a point that is a NULL', writeSequence(writeDer(5)), 'openssl'],
  ['crlDistributionPoints', 'a point without anything', writeSequence(writeSequence()), 'openssl'],
  ['crlDistributionPoints', 'a point with reasons alone', writeSequence(writeSequence(reasons)), 'openssl'],
  ['crlDistributionPoints', 'a place that is no choice', writeSequence(writeSequence(writeDer(0xa0, uri))), 'openssl'],
  ['crlDistributionPoints', 'an unknown [7]', writeSequence(writeSequence(place, writeDer(0x87))), 'openssl'],
  ['authorityInfoAccess', 'an INTEGER', writeCount(5), 'Go'],
  ['authorityInfoAccess', 'no octets', Buffer.alloc(0), 'Go'],
  ['authorityInfoAccess', 'a method without a place', writeSequence(writeSequence(access)), 'Go'],
  ['certificatePolicies', 'a qualifier that is no list', writeSequence(writeSequence(id, writeCount(1))), 'openssl'],
  ['certificatePolicies', 'a qualifier without a value', policy(writeSequence(statement)), 'openssl'],
  [
    'certificatePolicies',
    'a statement in BITS',
    policy(writeSequence(statement, writeDer(3, Buffer.of(0)))),
    'openssl',
  ],
  ['policyConstraints', 'no constraint', writeSequence(), 'openssl'],
  ['policyConstraints', 'an unknown [5]', writeSequence(writeDer(0x85, Buffer.of(1))), 'openssl'],
  [
    'policyConstraints',
    'the same field twice',
    writeSequence(...[1, 2].map((n) => writeDer(0x80, Buffer.of(n)))),
    'openssl',
  ],
  ['subjectAltName', 'an otherName without a value', otherName(id), 'openssl'],
  ['subjectAltName', 'an otherName whose value is bare', otherName(id, writeDer(0x0c, Buffer.from('x'))), 'openssl'],
  ['subjectAltName', 'an unfinished registered ID', writeSequence(writeDer(0x88, Buffer.of(0x2a, 0x80))), 'openssl'],
  ['subjectAltName', 'an IP address of one octet', writeSequence(writeDer(0x87, Buffer.of(9))), 'Go'],
  ['keyUsage', 'unused bits that are not zero', writeDer(3, Buffer.of(5, 0x84)), 'Go'],
];

/** Well-formed values of the same extensions. They show that no extension is refused in general. */
const sound: readonly (readonly [Extension, string, Buffer])[] = [
  ['authorityKeyIdentifier', 'no field', writeSequence()],
  ['crlDistributionPoints', 'place, reasons and issuer', writeSequence(writeSequence(place, reasons, issuerName))],
  ['crlDistributionPoints', 'an issuer alone', writeSequence(writeSequence(issuerName))],
  ['authorityInfoAccess', 'a place', writeSequence(writeSequence(access, uri))],
  ['certificatePolicies', 'a statement', policy(writeSequence(statement, writeDer(0x16, Buffer.from('http://p'))))],
  ['policyConstraints', 'one field', writeSequence(writeDer(0x81, Buffer.of(3)))],
  ['subjectAltName', 'an otherName', otherName(id, writeDer(0xa0, writeDer(0x0c, Buffer.from('x'))))],
  ['keyUsage', 'digitalSignature', writeDer(3, Buffer.of(7, 0x80))],
];

describe('openssl verify and `verifyChain` give the same verdict on an extension of a leaf', async () => {
  const root = await mint('root', 0, { ca: {} });
  const span = { notBefore: Date.UTC(2020, 0, 1), notAfter: Date.UTC(2040, 0, 1) };
  const cases = [
    ...malformed.map(([extension, what, value, refusedBy]) => ({ extension, what, value, refusedBy })),
    ...sound.map(([extension, what, value]) => ({ extension, what, value, refusedBy: undefined })),
  ];
  const leaves = await Promise.all(
    cases.map(({ extension, value }) =>
      mintDer({
        subject: { commonName: 'leaf' },
        keys: keys[1]!,
        issuer: root,
        ...span,
        extendedKeyUsage: [],
        extraExtensions: [{ oid: extensionOids[extension], value }],
      }),
    ),
  );
  const openssl = await askOpenssl(
    leaves.map((leaf) => ({
      leaf: toPem(leaf),
      presented: [],
      anchors: [root.pem],
      at: noon,
      purpose: 'any',
      strict: false,
    })),
  );

  test.each(cases.map((each, index) => ({ ...each, index })))(
    '$extension: $what',
    ({ extension, refusedBy, index }) => {
      const ours = verifyChain({ leaf: leaves[index]!, presented: [], anchors: [root.der], at: noon, purpose: 'any' });
      if (refusedBy === undefined) {
        expect(ours).toMatchObject({ ok: true });
      } else {
        expect(ours).toMatchObject({ ok: false, rule: 'certificate-readable' });
        const spelled = extension === 'crlDistributionPoints' ? 'cRLDistributionPoints' : extension;
        expect(ours.ok ? '' : ours.found).toContain(spelled);
      }
      // This test does not run Go's crypto/x509, which refuses the values marked 'Go' when it parses them.
      if (refusedBy !== 'Go') expect(openssl[index]?.ok, openssl[index]?.output).toBe(refusedBy === undefined);
    },
  );
});

test.each(['Utf8String', 'PrintableString', 'BMPString'])(
  '`verifyChain` refuses a NUL in a name of type %s',
  async (type) => {
    const [tag, text] = {
      Utf8String: [0x0c, 'a\0b'],
      PrintableString: [0x13, 'a\0b'],
      BMPString: [0x1e, '\0a\0\0\0b'],
    }[type]!;
    const leaf = await mint('leaf', 1, { subject: { commonName: 'XX7' } });
    const name = (value: Buffer): Buffer => writeSequence(writeDer(0x31, writeSequence(writeOid('2.5.4.3'), value)));
    const { forge } = await import('./forge.ts');
    const der = forge(leaf, leaf, (fields) => {
      const subject = name(writeDer(tag as number, Buffer.from(text as string, 'latin1')));
      return fields.map((field, index) => (index === 5 ? subject : field));
    });
    const ours = verifyChain({ leaf: der, presented: [], anchors: [der], at: noon, purpose: 'any' });
    expect(ours).toMatchObject({ ok: false, rule: 'certificate-readable', found: expect.stringContaining('NUL') });
  },
);
