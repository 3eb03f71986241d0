import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { verifyChain, type ChainVerdict } from '../../../core/x509/verify.ts';
import { mint, noon } from './mint-chain.ts';

const fixed = { seed: 20260105 };

describe('`verifyChain` on any input of a peer', async () => {
  const root = await mint('root', 0, {
    ca: { pathLength: 2 },
    nameConstraints: { permitted: [{ dns: 'example.com' }] },
  });
  const ca = await mint('CA', 1, { ca: {}, issuer: root });
  const leaf = await mint('leaf', 2, { issuer: ca, dnsNames: ['device.example.com'], ipAddresses: ['10.0.0.1'] });

  const judge = (shown: Buffer, presented: readonly Buffer[], anchor = root.der): ChainVerdict =>
    verifyChain({ leaf: shown, presented, anchors: [anchor], at: noon, purpose: 'clientAuth' });

  test('accepts the unchanged chain', () => {
    expect(judge(leaf.der, [ca.der]).ok).toBe(true);
  });

  test('refuses random octets, which are not a certificate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (octets) => {
        const junk = Buffer.from(octets);
        expect(parseCertificate(junk).ok).toBe(false);
        expect(judge(junk, [junk, ca.der])).toMatchObject({ ok: false, rule: 'certificate-readable' });
        expect(judge(leaf.der, [junk]).ok).toBe(false);
        expect(judge(leaf.der, [ca.der], junk).ok).toBe(false);
      }),
      { ...fixed, numRuns: 500 },
    );
  });

  test('refuses random text, which is not a certificate', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(parseCertificate(text).ok).toBe(false);
        expect(parseCertificate(`-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`).ok).toBe(false);
      }),
      { ...fixed, numRuns: 500 },
    );
  });

  test('refuses a truncated certificate, and a certificate with extra octets', () => {
    for (let length = 0; length < leaf.der.length; length++) {
      expect(parseCertificate(leaf.der.subarray(0, length)).ok).toBe(false);
    }
    expect(parseCertificate(Buffer.concat([leaf.der, Buffer.from([0])]))).toMatchObject({
      ok: false,
      failure: { sentence: expect.stringContaining('extra octets') as unknown },
    });
  });

  test.each([
    ['leaf', leaf.der, (changed: Buffer) => judge(changed, [ca.der])],
    ['CA', ca.der, (changed: Buffer) => judge(leaf.der, [changed])],
  ])('refuses the %s after any flipped bit', (_, original, judged) => {
    for (let bit = 0; bit < original.length * 8; bit++) {
      const changed = Buffer.from(original);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = judged(changed);
      if (verdict.ok) expect.fail(`bit ${bit} was turned and the chain is still good`);
      expect(verdict.sentence.length).toBeGreaterThan(20);
    }
  });

  test('refuses a chain after random changes, insertions and deletions of octets', () => {
    const edit = fc.record({
      at: fc.nat(leaf.der.length - 1),
      remove: fc.nat(4),
      insert: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let changed = leaf.der;
        for (const { at, remove, insert } of edits) {
          changed = Buffer.concat([changed.subarray(0, at), insert, changed.subarray(at + remove)]);
        }
        expect(judge(changed, [ca.der]).ok).toBe(changed.equals(leaf.der));
      }),
      { ...fixed, numRuns: 1500 },
    );
  });
});
