import { createHash, constants, sign, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { childrenOf, readDer } from '../../../core/x509/der/der.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { verifyChain } from '../../../core/x509/verify.ts';
import { writeBitOctets, writeCount, writeDer, writeOid, writeSequence } from './der-write.ts';
import { mint, noon } from './mint-chain.ts';

const ecRoot = await mint('root', 0, { ca: {} });
const rsaRoot = await mint('root', 0, { ca: {}, keys: await generateKeyPair('RSA-2048') });

/** Signs the leaf of a root again, with an algorithm identifier that `mint` cannot write. */
async function signedAs(root: Minted, algorithm: Buffer, signature: (body: Buffer, key: KeyObject) => Buffer) {
  const leaf = await mint('leaf', 1, { issuer: root });
  const [body] = childrenOf(readDer(leaf.der, 'certificate'), 'certificate');
  const fields = childrenOf(body!, 'body').map(({ bytes }, index) => (index === 2 ? algorithm : bytes));
  const tbs = writeSequence(...fields);
  return writeSequence(tbs, algorithm, writeBitOctets(signature(tbs, root.keys.privateKey)));
}

const nothing = writeDer(5);
const oids = {
  ecdsa: writeOid('1.2.840.10045.4.3.2'),
  rsa: writeOid('1.2.840.113549.1.1.11'),
  pss: writeOid('1.2.840.113549.1.1.10'),
  mgf1: writeOid('1.2.840.113549.1.1.8'),
  sha1: writeOid('1.3.14.3.2.26'),
  sha256: writeOid('2.16.840.1.101.3.4.2.1'),
  sha3: writeOid('2.16.840.1.101.3.4.2.8'),
  dsa: writeOid('2.16.840.1.101.3.4.3.2'),
};
const hash = (oid: Buffer): Buffer => writeSequence(oid, nothing);
const pss = (name: Buffer, mask: Buffer, ...more: Buffer[]): Buffer =>
  writeSequence(
    oids.pss,
    writeSequence(
      writeDer(0xa0, hash(name)),
      writeDer(0xa1, writeSequence(oids.mgf1, hash(mask))),
      writeDer(0xa2, writeCount(32)),
      ...more,
    ),
  );
const plain = (body: Buffer, key: KeyObject): Buffer => sign('sha256', body, key);
const padded = (body: Buffer, key: KeyObject): Buffer =>
  sign('sha256', body, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
/** Returns octets that are not a signature. The verification fails before it reads them. */
const noise = (body: Buffer): Buffer => createHash('sha512').update(body).digest();

test.each<[string, Minted, Buffer, (body: Buffer, key: KeyObject) => Buffer, RegExp]>([
  [
    'ECDSA with NULL for parameters',
    ecRoot,
    writeSequence(oids.ecdsa, nothing),
    plain,
    /ECDSA with SHA-256.*parameters 0500, where RFC 5758 3\.2 permits none/,
  ],
  [
    'RSA with other parameters than NULL',
    rsaRoot,
    writeSequence(oids.rsa, writeSequence()),
    plain,
    /RSA with SHA-256.*parameters 3000, where RFC 4055 5 requires NULL/,
  ],
  [
    'PSS with a mask of another hash',
    rsaRoot,
    pss(oids.sha256, oids.sha1),
    noise,
    /RSA-PSS with mask generation with sha1/,
  ],
  [
    'PSS with a hash that is not supported',
    rsaRoot,
    pss(oids.sha3, oids.sha3),
    noise,
    /the unsupported hash 2\.16.*\.2\.8/,
  ],
  ['PSS without parameters', rsaRoot, writeSequence(oids.pss), padded, /RSA-PSS with no parameters/],
  [
    'PSS with parameters that are none',
    rsaRoot,
    writeSequence(oids.pss, nothing),
    padded,
    /parameters that are malformed/,
  ],
  [
    'PSS with a trailer field',
    rsaRoot,
    pss(oids.sha256, oids.sha256, writeDer(0xa3, writeCount(1))),
    padded,
    /RSA-PSS with a trailer field/,
  ],
  ['an algorithm that is not supported', ecRoot, writeSequence(oids.dsa), noise, /unsupported algorithm 2\.16\.840/],
  ['RSA under a key of ECDSA', ecRoot, writeSequence(oids.rsa, nothing), plain, /a key of type ec cannot make/],
  [
    'another key of the same kind',
    ecRoot,
    writeSequence(oids.ecdsa),
    noise,
    /a signature \(ECDSA with SHA-256\) by another key/,
  ],
])('the verdict of `verifyChain` states the cause: %s', async (_title, root, algorithm, signature, reason) => {
  const leaf = await signedAs(root, algorithm, signature);
  const verdict = verifyChain({ leaf, presented: [], anchors: [root.der], at: noon, purpose: 'any' });
  expect(verdict).toMatchObject({ ok: false, rule: 'signatures-match' });
  expect(verdict.ok ? '' : verdict.found).toMatch(reason);
});

test('`verifyChain` accepts an RSA-PSS signature whose mask function uses the hash of the signature', async () => {
  const leaf = await signedAs(rsaRoot, pss(oids.sha256, oids.sha256), padded);
  expect(verifyChain({ leaf, presented: [], anchors: [rsaRoot.der], at: noon, purpose: 'any' })).toMatchObject({
    ok: true,
  });
});
