import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { childrenOf, readDer, tags, type Der } from '../../../core/x509/der/der.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { verifyChain, type ChainVerdict } from '../../../core/x509/verify.ts';
import { writeDer } from './der-write.ts';
import { forge } from './forge.ts';
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

  test.each([
    ['leaf', leaf, ca, (changed: Buffer) => judge(changed, [ca.der])],
    ['CA', ca, root, (changed: Buffer) => judge(leaf.der, [changed])],
  ])('refuses the %s if its issuer signed a length that is not minimal', (_, original, signer, judged) => {
    for (let field = 0; field < 8; field++) {
      for (const at of elementsIn(original, field)) {
        const changed = forge(original, signer, (fields) => fields.with(field, lengthened(fields[field], at)));
        expect(parseCertificate(changed)).toMatchObject({
          ok: false,
          failure: { sentence: expect.stringContaining('a length that is not minimal') as unknown },
        });
        expect(judged(changed).ok).toBe(false);
      }
    }
  });
});

/** Returns the number of DER elements in a field of the signed part of a certificate. */
function elementsIn({ der }: Minted, field: number): readonly number[] {
  const [body] = childrenOf(readDer(der, 'the certificate'), 'the certificate');
  const value = body && childrenOf(body, 'the body')[field];
  return value === undefined ? [] : [...elements(value).keys()];
}

/** Returns `bytes` with the length of the element at position `at` written with one octet more, as BER permits and DER forbids. */
function lengthened(bytes: Buffer | undefined, at: number): Buffer {
  let left = at;
  const written = (value: Der): Buffer => {
    const isChosen = left-- === 0;
    const inside = insideOf(value);
    const content = inside === undefined ? value.content : Buffer.concat(inside.map(written));
    const short = writeDer(value.tag, content);
    const size = short.length - content.length - 1;
    if (!isChosen) return short;
    const octets = size === 1 ? [0x81, content.length] : [0x80 + size, 0, ...short.subarray(2, 1 + size)];
    return Buffer.concat([Buffer.of(value.tag, ...octets), content]);
  };
  return written(readDer(bytes ?? Buffer.alloc(0), 'the field'));
}

function elements(value: Der): readonly Der[] {
  return [value, ...(insideOf(value) ?? []).flatMap(elements)];
}

/** Returns the elements inside a value that is constructed, or that is an OCTET STRING with one element inside. */
function insideOf(value: Der): readonly Der[] | undefined {
  if ((value.tag & 0x20) !== 0) return childrenOf(value, 'the field');
  if (value.tag !== tags.octetString) return undefined;
  try {
    return [readDer(value.content, 'the field')];
  } catch {
    return undefined;
  }
}
