import { expect, test } from 'vitest';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { verifyChain, type ChainRequest } from '../../../core/x509/verify.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** Returns a leaf whose CA has two certificates: from an old root for the first 10 days, and from a new root from day 5 on. */
async function crossSigned() {
  const [leafKeys, caKeys, oldKeys, newKeys] = await Promise.all([1, 2, 3, 4].map(() => generateKeyPair('P-256')));
  if (!leafKeys || !caKeys || !oldKeys || !newKeys) throw new Error('no keys');
  const root = (commonName: string, keys: typeof oldKeys) =>
    mintCertificate({ subject: { commonName }, keys, notBefore: start, notAfter: start + 100 * day, ca: {} });
  const [oldRoot, newRoot] = [await root('old root', oldKeys), await root('new root', newKeys)];
  const caBy = (certificate: typeof oldRoot.certificate, keys: typeof oldKeys, from: number, days: number) =>
    mintCertificate({
      subject: { commonName: 'ca' },
      keys: caKeys,
      issuer: { certificate, keys },
      notBefore: start + from * day,
      notAfter: start + days * day,
      ca: {},
    });
  const byOld = await caBy(oldRoot.certificate, oldKeys, 0, 10);
  const byNew = await caBy(newRoot.certificate, newKeys, 5, 50);
  const leaf = await mintCertificate({
    subject: { commonName: 'device' },
    keys: leafKeys,
    issuer: { certificate: byOld.certificate, keys: caKeys },
    notBefore: start + day,
    notAfter: start + 20 * day,
  });
  return {
    leaf: leaf.der,
    presented: [byOld.der, byNew.der],
    anchors: [oldRoot.der, newRoot.der],
    purpose: 'clientAuth',
  } as const satisfies Omit<ChainRequest, 'at'>;
}

/** Verifies without the stored verdicts of earlier calls, because a request with `isDisabled` never uses stored verdicts. */
function verifiedAnew(request: ChainRequest) {
  return verifyChain({ ...request, isDisabled: () => false });
}

const borders = [1, 5, 10, 20].flatMap((days) => [start + days * day - 1, start + days * day, start + days * day + 1]);

test('`verifyChain` with a stored verdict gives, at any time, the same result as a new verification', async () => {
  const chain = await crossSigned();
  const instants = [...borders, ...borders.toReversed(), start + 3 * day, start + 7 * day, start + 15 * day];
  const outcomes = instants.map((at) => {
    const verdict = verifyChain({ ...chain, at });
    expect(verdict).toEqual(verifiedAnew({ ...chain, at }));
    return verdict.ok ? verdict.path.at(-1)?.subject : verdict.rule;
  });
  expect(new Set(outcomes)).toEqual(new Set(['valid-now', 'CN=old root', 'CN=new root']));
});

test('`verifyChain` uses a stored verdict again, but the result of its rule `valid-now` contains the present time', async () => {
  const chain = await crossSigned();
  const first = verifyChain({ ...chain, at: start + 2 * day });
  const later = verifyChain({ ...chain, at: start + 3 * day });
  expect(later.path).toBe(first.path);
  expect(later.steps.filter(({ rule }) => rule === 'valid-now').map(({ found }) => found)).toEqual(
    Array(2).fill('2026-01-04T00:00:00.000Z'),
  );
});

test('`verifyChain` never uses a stored verdict for other trusted certificates, another purpose or another strictness', async () => {
  const chain = await crossSigned();
  const at = start + 3 * day;
  expect(verifyChain({ ...chain, at }).ok).toBe(true);
  const [oldRoot, newRoot] = chain.anchors;
  expect(verifyChain({ ...chain, at, anchors: [newRoot] }).ok).toBe(false);
  expect(verifyChain({ ...chain, at, presented: [] }).ok).toBe(false);
  for (const others of [
    { anchors: [oldRoot] },
    { purpose: 'serverAuth' as const },
    { strict: true },
    { checkAnchorValidity: false },
  ]) {
    expect(verifyChain({ ...chain, at, ...others })).toEqual(verifiedAnew({ ...chain, at, ...others }));
  }
});
