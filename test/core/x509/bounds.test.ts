import { describe, expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { contextTag } from '../../../core/x509/der/der.ts';
import { writeDer, writeSequence } from './der-write.ts';
import { defaultLimits } from '../../../core/x509/limits.ts';
import { mintCertificate, mintDer, type Minted } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { extensionOids } from '../../../core/x509/der/oids.ts';
import { verifyChain, type ChainRequest, type ChainVerdict } from '../../../core/x509/verify.ts';
import { mint, noon } from './mint-chain.ts';

/**
 * A verdict within the work limits takes 20 to 110 ms of processor time. An algorithm whose work grows faster than its limits would take
 * many seconds.
 */
const limitMs = 2000;

const otherCertificate = await mint('other', 0);

/** One RDN of a name in DER: a CN of three letters. */
const relativeName = Buffer.from('310c300a06035504030c0378797a', 'hex');

/**
 * Returns the verdict and the median processor time (milliseconds) of three runs without cached certificates. Wall time would depend
 * on the load of the machine.
 */
function timed(request: Omit<ChainRequest, 'at' | 'purpose'>): { verdict: ChainVerdict; medianMs: number } {
  const judge = (): ChainVerdict => verifyChain({ ...request, at: noon, purpose: 'clientAuth' });
  const runs = [1, 2, 3].map(() => {
    for (const other of others) parseCertificate(other);
    const start = process.cpuUsage();
    judge();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return { verdict: judge(), medianMs: runs.toSorted((one, other) => one - other)[1] ?? Infinity };
}

/** The cache is too small for these certificates, so they displace the earlier certificates. They differ only in their signatures. */
const others = Array.from({ length: 300 }, (_, index) => {
  const der = Buffer.from(otherCertificate.der);
  der.writeUInt16BE(index, der.length - 2);
  return der;
});

function expectRefused(request: Omit<ChainRequest, 'at' | 'purpose'>, rule: string): ChainVerdict {
  const { verdict, medianMs } = timed(request);
  expect(verdict.ok ? 'good' : verdict.rule).toBe(rule);
  expect(medianMs).toBeLessThan(limitMs);
  expect(verdict.work.signatureChecks).toBeLessThanOrEqual(defaultLimits.signatureChecks);
  expect(verdict.work.pathSteps).toBeLessThanOrEqual(defaultLimits.pathSteps);
  expect(verdict.work.nameComparisons).toBeLessThanOrEqual(defaultLimits.nameComparisons);
  expect(verdict.work.certificatesRead).toBeLessThanOrEqual(request.presented.length + 1 + request.anchors.length);
  return verdict;
}

/** Mints a certificate with the key of `subject` that `issuer` signs. The own certificate of `issuer` may not exist yet. */
async function crossSigned(subject: Minted, issuer: Minted): Promise<Buffer> {
  return (
    await mintCertificate({
      subject: { commonName: subject.certificate.commonName ?? '' },
      keys: subject.keys,
      issuer,
      notBefore: subject.certificate.notBefore,
      notAfter: subject.certificate.notAfter,
      ca: {},
    })
  ).der;
}

describe('`verifyChain` with its work limits', async () => {
  const trusted = await mint('trusted', 3, { ca: {} });
  const ca = await mint('CA', 0, { ca: {} });
  const leaf = await mint('leaf', 1, { issuer: ca });
  const anchors = [trusted.der];

  test('refuses two CAs that sign each other', async () => {
    const other = await mint('other CA', 2, { ca: {} });
    const presented = [await crossSigned(ca, other), await crossSigned(other, ca)];
    const verdict = expectRefused({ leaf: leaf.der, presented, anchors }, 'chain-complete');
    expect(verdict.work).toMatchObject({ signatureChecks: 2, pathSteps: 3 });
    expect(verdict).toMatchObject({ found: 'a circle of CAs that sign each other' });
  });

  test('refuses four CAs that all sign each other', async () => {
    const cas = [
      ca,
      await mint('CA 2', 2, { ca: {} }),
      await mint('CA 3', 3, { ca: {} }),
      await mint('CA 4', 1, { ca: {} }),
    ];
    const pairs = cas.flatMap((subject) =>
      cas.filter((issuer) => issuer !== subject).map((issuer) => [subject, issuer] as const),
    );
    const presented = await Promise.all(pairs.map(([subject, issuer]) => crossSigned(subject, issuer)));
    expectRefused({ leaf: leaf.der, presented, anchors }, 'chain-complete');
  });

  test('refuses two issuers at each of eight levels, up to an untrusted root', async () => {
    const levels = await Promise.all(
      Array.from({ length: 9 }, async (_, level) =>
        mint(`level ${level}`, 0, { keys: await generateKeyPair('P-256'), ca: {} }),
      ),
    );
    const presented = await Promise.all(
      levels.flatMap((issuer, level) => {
        const subject = levels[level - 1];
        return subject === undefined ? [] : [crossSigned(subject, issuer), crossSigned(subject, issuer)];
      }),
    );
    const low = levels[0];
    if (low === undefined) throw new Error('the chain has no levels');
    const bottom = await mint('leaf', 1, { issuer: low });
    const verdict = expectRefused({ leaf: bottom.der, presented, anchors }, 'chain-complete');
    expect(verdict.work.pathSteps).toBe(2 ** 9 - 1);
  });

  test('refuses sixteen CAs that have one name and different keys', async () => {
    const presented = await Promise.all(
      Array.from(
        { length: 16 },
        async () =>
          (
            await mint('CA', 0, {
              keys: await generateKeyPair('P-384'),
              ca: {},
              without: ['subjectKeyIdentifier', 'authorityKeyIdentifier'],
            })
          ).der,
      ),
    );
    const bare = await mint('leaf', 1, { issuer: ca, without: ['authorityKeyIdentifier'] });
    expectRefused({ leaf: bare.der, presented, anchors }, 'signatures-match');
  });

  test('refuses a chain that needs more signatures than the limit', () => {
    const verdict = verifyChain({
      leaf: leaf.der,
      presented: [ca.der],
      anchors,
      at: noon,
      purpose: 'any',
      limits: { signatureChecks: 0 },
    });
    expect(verdict).toMatchObject({ ok: false, rule: 'chain-within-bounds', found: 'more than 0 signatures to check' });
  });

  test('refuses a thousand certificates', () => {
    const verdict = expectRefused(
      { leaf: leaf.der, presented: Array.from({ length: 1000 }, () => ca.der), anchors },
      'chain-within-bounds',
    );
    expect(verdict.work.certificatesRead).toBe(0);
  });

  test.each([
    { where: 'leaf', leaf: bigCertificate(1_000_000), presented: [] },
    { where: 'chain', leaf: leaf.der, presented: [bigCertificate(1_000_000)] },
  ])('refuses a certificate of 1 MB, which is the leaf or in the chain: $where', (request) => {
    const verdict = expectRefused({ ...request, anchors }, 'chain-within-bounds');
    expect(verdict.work.certificatesRead).toBe(0);
  });

  test('refuses a certificate above 64 KiB, even if the whole chain is within the size limit of a chain', () => {
    expectRefused({ leaf: bigCertificate(70_000), presented: [], anchors }, 'certificate-readable');
  });

  /** Mints a leaf below `length` intermediate CAs, which chain to the trusted CA. */
  async function longChain(length: number): Promise<{ readonly leaf: Buffer; readonly presented: readonly Buffer[] }> {
    const chain = [trusted];
    const keys = await generateKeyPair('P-256');
    for (let level = 0; level < length; level++) {
      chain.unshift(await mint(`level ${level}`, 0, { keys, ca: {}, issuer: chain[0] ?? trusted }));
    }
    const bottom = await mint('leaf', 1, { issuer: chain[0] ?? trusted });
    return { leaf: bottom.der, presented: chain.slice(0, -1).map(({ der }) => der) };
  }

  test('refuses a chain of seventy CAs, because the chain needs more than 64 signature checks', async () => {
    const verdict = expectRefused({ ...(await longChain(70)), anchors }, 'chain-within-bounds');
    expect(verdict.work.signatureChecks).toBe(defaultLimits.signatureChecks);
    expect(verdict).toMatchObject({ found: 'more than 64 signatures to check' });
  });

  test.each([9, 16, 60])('accepts a chain of %i CAs', async (length) => {
    const { verdict } = timed({ ...(await longChain(length)), anchors });
    expect(verdict.ok ? verdict.path.length : verdict.sentence).toBe(length + 2);
  });

  test('accepts a chain of eight CAs with different keys', async () => {
    const chain = [trusted];
    for (let level = 0; level < 8; level++) {
      chain.unshift(
        await mint(`level ${level}`, 0, { keys: await generateKeyPair('P-256'), ca: {}, issuer: chain[0] ?? trusted }),
      );
    }
    const bottom = await mint('leaf', 1, { issuer: chain[0] ?? trusted });
    expect(timed({ leaf: bottom.der, presented: chain.map(({ der }) => der), anchors }).verdict.ok).toBe(true);
  });

  test('refuses thousands of names under thousands of name constraints', async () => {
    const permitted = Array.from({ length: 2000 }, (_, index) => ({ dns: `${index}.example.com` }));
    const root = await mint('root', 0, { ca: {}, nameConstraints: { permitted } });
    const dnsNames = Array.from({ length: 2000 }, (_, index) => `${index}.example.com`);
    const many = await mint('leaf', 1, { issuer: root, dnsNames });
    expectRefused({ leaf: many.der, presented: [], anchors: [root.der] }, 'chain-within-bounds');
  });

  test('verifies names and name constraints up to the limit within its time bound', async () => {
    const excluded = Array.from({ length: 300 }, (_, index) => ({ dns: `${index}.example.org` }));
    const root = await mint('root', 0, { ca: {}, nameConstraints: { excluded } });
    const dnsNames = Array.from({ length: 200 }, (_, index) => `${index}.example.com`);
    const many = await mint('leaf', 1, { issuer: root, dnsNames });
    const { verdict, medianMs } = timed({ leaf: many.der, presented: [], anchors: [root.der] });
    expect(verdict.ok).toBe(true);
    expect(medianMs).toBeLessThan(limitMs);
  });

  test.each([
    ['directory names', writeDer(contextTag(4, 'constructed'), writeSequence(relativeName))],
    ['empty names', writeDer(contextTag(2, 'primitive'))],
  ])('refuses an untrusted leaf with as many %s as its size limit permits', async (_, name) => {
    const value = writeSequence(...Array.from({ length: Math.floor(47_000 / name.length) }, () => name));
    const heavy = await mint('leaf', 1, {
      issuer: ca,
      extraExtensions: [{ oid: extensionOids.subjectAltName, value }],
    });
    expectRefused({ leaf: heavy.der, presented: [heavy.der], anchors }, 'chain-complete');
  });

  test.each([
    [
      'parts of a name',
      { subject: {}, extraExtensions: [{ oid: extensionOids.subjectAltName, value: writeSequence(longName(65)) }] },
    ],
    [
      'extensions',
      {
        extraExtensions: Array.from({ length: 65 }, (_, index) => ({ oid: `1.2.3.${index}`, value: Buffer.alloc(0) })),
      },
    ],
  ])('refuses a certificate with more %s than the limit', async (_, order) => {
    const validity = { notBefore: noon, notAfter: noon + 1000 };
    const heavy = await mintDer({ subject: { commonName: 'leaf' }, keys: ca.keys, ...validity, ...order });
    const { verdict } = timed({ leaf: heavy, presented: [], anchors });
    expect(verdict).toMatchObject({
      ok: false,
      rule: 'certificate-readable',
      found: expect.stringContaining('at most 64'),
    });
  });
});

function longName(parts: number): Buffer {
  return writeDer(contextTag(4, 'constructed'), writeSequence(...Array.from({ length: parts }, () => relativeName)));
}

/** Returns a SEQUENCE of the given number of octets, which is not a certificate. */
function bigCertificate(octets: number): Buffer {
  return writeSequence(Buffer.alloc(octets));
}
