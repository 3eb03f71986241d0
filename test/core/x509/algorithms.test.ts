import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../../core/x509/verify.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { writeBitOctets, writeCount, writeDer, writeInteger, writeOid, writeSequence } from './der-write.ts';
import { forge } from './forge.ts';
import { mint, noon } from './mint-chain.ts';
import { extensionOids } from '../../../core/x509/der/oids.ts';
import { askOpenssl } from './oracle/openssl-verify.ts';

const run = promisify(execFile);

const pss = ['-sigopt', 'rsa_padding_mode:pss'];

/** For each algorithm: the type of the root key, the options for its signature on the leaf, and the expected verdict. */
const algorithms: Readonly<Record<string, { key: readonly string[]; signature: readonly string[]; verdict: string }>> =
  {
    Ed25519: { key: ['ed25519'], signature: [], verdict: 'good' },
    Ed448: { key: ['ed448'], signature: [], verdict: 'good' },
    'ECDSA on P-256 with SHA-256': { key: ec('P-256'), signature: ['-sha256'], verdict: 'good' },
    'ECDSA on P-384 with SHA-384': { key: ec('P-384'), signature: ['-sha384'], verdict: 'good' },
    'ECDSA on P-521 with SHA-512': { key: ec('P-521'), signature: ['-sha512'], verdict: 'good' },
    'ECDSA on brainpoolP256r1': { key: ec('brainpoolP256r1'), signature: ['-sha256'], verdict: 'good' },
    'RSA with SHA-512': { key: ['rsa:2048'], signature: ['-sha512'], verdict: 'good' },
    'RSA-PSS with SHA-256': {
      key: ['rsa:2048'],
      signature: ['-sha256', ...pss, '-sigopt', 'rsa_pss_saltlen:32'],
      verdict: 'good',
    },
    'RSA-PSS with SHA-384 and its longest salt': {
      key: ['rsa:2048'],
      signature: ['-sha384', ...pss, '-sigopt', 'rsa_pss_saltlen:max'],
      verdict: 'good',
    },
    'RSA-PSS by a key for PSS only': {
      key: ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
      signature: ['-sha256'],
      verdict: 'good',
    },
    'RSA with SHA-1': { key: ['rsa:2048'], signature: ['-sha1'], verdict: 'algorithms-strong' },
    'RSA with MD5': { key: ['rsa:2048'], signature: ['-md5'], verdict: 'algorithms-strong' },
    'ECDSA with SHA-1': { key: ec('P-256'), signature: ['-sha1'], verdict: 'algorithms-strong' },
    'RSA of 1024 bits': { key: ['rsa:1024'], signature: ['-sha256'], verdict: 'algorithms-strong' },
    'ECDSA on P-192': { key: ec('P-192'), signature: ['-sha256'], verdict: 'algorithms-strong' },
    'ECDSA on a curve spelled out': {
      key: [...ec('P-256'), '-pkeyopt', 'ec_param_enc:explicit'],
      signature: ['-sha256'],
      verdict: 'algorithms-strong',
    },
  };

function ec(curve: string): string[] {
  return ['ec', '-pkeyopt', `ec_paramgen_curve:${curve}`];
}

describe('`verifyChain`, compared with openssl verify', async () => {
  const chains = await mintAll();
  const at = Date.now();
  const openssl = await askOpenssl(
    chains.map(({ root, leaf }) => ({ leaf, presented: [], anchors: [root], at, purpose: 'any', strict: false })),
  );

  test.each(chains.map((chain, index) => ({ ...chain, index })))(
    'gives the same verdict on a chain that openssl signed with $name',
    ({ root, leaf, verdict, index }) => {
      const ours = verifyChain({
        leaf: Buffer.from(leaf),
        presented: [],
        anchors: [Buffer.from(root)],
        at,
        purpose: 'any',
      });
      expect(ours.ok ? 'good' : ours.rule).toBe(verdict);
      expect(openssl[index]?.ok, openssl[index]?.output).toBe(verdict === 'good');
    },
  );

  test('refuses a signature of each algorithm after one flipped bit', () => {
    for (const { name, root, leaf, verdict } of chains) {
      const read = parseCertificate(leaf);
      if (!read.ok || verdict !== 'good') continue;
      const der = Buffer.from(read.value.der);
      der[der.length - 20] = (der[der.length - 20] ?? 0) ^ 4;
      const ours = verifyChain({ leaf: der, presented: [], anchors: [Buffer.from(root)], at, purpose: 'any' });
      expect(ours, name).toMatchObject({ ok: false, rule: 'signatures-match' });
    }
  });
});

async function mintAll(): Promise<{ name: string; root: string; leaf: string; verdict: string }[]> {
  const directory = await mkdtemp(join(tmpdir(), 'rehearsal-algorithms-'));
  try {
    const chains = [];
    for (const [index, [name, { key, signature, verdict }]] of Object.entries(algorithms).entries()) {
      const path = (file: string): string => join(directory, `${index}-${file}.pem`);
      const request = ['req', '-x509', '-nodes', '-days', '30', '-config', '/dev/null'];
      const root = [
        '-newkey',
        ...key,
        '-keyout',
        path('root-key'),
        '-out',
        path('root'),
        '-subj',
        '/CN=root',
        '-addext',
        'basicConstraints=critical,CA:TRUE',
      ];
      const leaf = ['-newkey', ...ec('P-256'), '-keyout', path('key'), '-out', path('leaf'), '-subj', '/CN=leaf'];
      await run('openssl', [...request, ...root]);
      await run('openssl', [...request, ...leaf, '-CA', path('root'), '-CAkey', path('root-key'), ...signature]);
      chains.push({
        name,
        verdict,
        root: await readFile(path('root'), 'utf8'),
        leaf: await readFile(path('leaf'), 'utf8'),
      });
    }
    return chains;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test.each([
  [1, 'an RSA key with the public exponent 1'],
  [65_536, 'an RSA key with the public exponent 65536'],
  [3, undefined],
])('`verifyChain` judges an RSA key with the public exponent %i', async (exponent, found) => {
  const root = await mint('root', 0, { ca: {} });
  const leaf = await mint('leaf', 1, { issuer: root });
  const { publicKey } = await generateKeyPair('RSA-2048');
  const { n } = publicKey.export({ format: 'jwk' });
  const modulus = Buffer.from(n ?? '', 'base64url');
  const key = writeSequence(
    writeSequence(writeOid('1.2.840.113549.1.1.1'), writeDer(5)),
    writeBitOctets(writeSequence(writeInteger(modulus), writeCount(exponent))),
  );
  const der = forge(leaf, root, (fields) => fields.with(6, key));
  const verdict = verifyChain({ leaf: der, presented: [], anchors: [root.der], at: noon, purpose: 'clientAuth' });
  expect(verdict.ok ? undefined : `${verdict.rule} ${verdict.found}`).toBe(
    found === undefined ? undefined : `algorithms-strong CN=leaf: ${found}`,
  );
});

test('`verifyChain` names the leaf whose extended key usage is empty', async () => {
  const root = await mint('root', 0, { ca: {} });
  const leaf = await mint('leaf', 1, {
    issuer: root,
    extendedKeyUsage: [],
    extraExtensions: [{ oid: extensionOids.extendedKeyUsage, value: writeSequence() }],
  });
  const verdict = verifyChain({ leaf: leaf.der, presented: [], anchors: [root.der], at: noon, purpose: 'clientAuth' });
  expect(verdict).toMatchObject({ rule: 'extended-key-usage', found: 'CN=leaf: no purpose' });
});

test('`parseCertificate` refuses an RSA key with an integer that is not minimal, which OpenSSL reads', async () => {
  const { publicKey } = await generateKeyPair('RSA-2048');
  const { n } = publicKey.export({ format: 'jwk' });
  const exponent = writeDer(2, Buffer.of(0, 0, 1, 0, 1));
  const key = writeSequence(
    writeSequence(writeOid('1.2.840.113549.1.1.1'), writeDer(5)),
    writeBitOctets(writeSequence(writeInteger(Buffer.from(n ?? '', 'base64url')), exponent)),
  );
  expect(createPublicKey({ key, format: 'der', type: 'spki' }).asymmetricKeyDetails?.publicExponent).toBe(65537n);
  const leaf = await mint('leaf', 1);
  expect(parseCertificate(forge(leaf, leaf, (fields) => fields.with(6, key)))).toMatchObject({
    failure: {
      sentence: expect.stringContaining('a number of the RSA key is an integer that is not minimal') as unknown,
    },
  });
});
