import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DecisionTrace, firstFailed } from '../../../core/history/decision.ts';
import { requestedIn } from '../../../core/x509/signing-request.ts';
import { requestExternalCa, requestPem } from '../../../mocks/registry/external-request.ts';
import { judgeExternalCa } from '../../../mocks/registry/judge-external-ca.ts';

/** OpenSSL signs the request here, so that the test does not use the code of the simulation. */
let folder: string;
let requested: ReturnType<typeof requestedIn>;

const file = (name: string): string => join(folder, name);
const openssl = (...words: readonly string[]): void => void execFileSync('openssl', words, { stdio: 'pipe' });
const subject = 'Plant CA 0badcafe';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-external-ca-'));
  const pending = await requestExternalCa(subject);
  requested = requestedIn(pending.csr);
  writeFileSync(file('csr.pem'), requestPem(pending));
  for (const [name, key] of [
    ['ec', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['rsa', ['rsa:2048']],
  ] as const) {
    const ends = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), '-days', '4000'];
    openssl('req', '-x509', '-nodes', '-newkey', ...key, '-subj', `/CN=${name} root`, ...ends);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Odd {
  readonly extensions?: readonly string[];
  readonly days?: number;
  readonly signer?: 'ec' | 'rsa';
  readonly hash?: string;
  /**
   * Arguments of `openssl req` for another certificate request. If given, OpenSSL signs this other request in place of the request of the
   * CA.
   */
  readonly other?: readonly string[];
  readonly chain?: (leaf: string) => string;
}

const good = [
  'basicConstraints=critical,CA:TRUE,pathlen:1',
  'keyUsage=critical,digitalSignature,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
] as const;

const without = (word: string, ...more: readonly string[]): readonly string[] => [
  ...good.filter((each) => !each.startsWith(word)),
  ...more,
];

function signedChain({ extensions = good, days = 400, signer = 'ec', hash = 'sha384', other, chain }: Odd): string {
  if (other !== undefined) openssl('req', '-new', '-nodes', ...other, '-keyout', file('o.key'), '-out', file('o.csr'));
  writeFileSync(file('ext'), `${extensions.join('\n')}\n`);
  const input = file(other === undefined ? 'csr.pem' : 'o.csr');
  const ca = ['-CA', file(`${signer}.pem`), '-CAkey', file(`${signer}.key`), '-CAcreateserial'];
  openssl(
    'x509',
    '-req',
    '-in',
    input,
    ...ca,
    '-days',
    String(days),
    `-${hash}`,
    // Without extensions, OpenSSL makes a certificate of version 1.
    ...(extensions.length === 0 ? [] : ['-extfile', file('ext')]),
    '-out',
    file('ca.pem'),
  );
  const leaf = readFileSync(file('ca.pem'), 'utf8');
  return chain?.(leaf) ?? leaf + readFileSync(file(`${signer}.pem`), 'utf8');
}

/** Returns the start of the validity of the certificate that OpenSSL made last. */
function startOfCa(): number {
  return Date.parse(new X509Certificate(readFileSync(file('ca.pem'))).validFrom);
}

/** Returns the ID of the check that refuses the chain, or `passed`. */
function verdictOf(odd: Odd, afterStart = 0): string {
  const trace = new DecisionTrace('dps', 'CA', 'activation', undefined);
  const text = signedChain(odd);
  const chain = judgeExternalCa(text, requested, startOfCa() + afterStart, trace);
  const failed = firstFailed(trace.decision())?.check ?? 'passed';
  expect(chain === undefined).toBe(failed !== 'passed');
  return failed;
}

describe('the certificate of an external CA', () => {
  test.each<[string, Odd]>([
    ['has the required profile', {}],
    ['is signed with SHA-256', { hash: 'sha256' }],
    ['comes without the root', { chain: (leaf) => leaf }],
    [
      'has `clientAuth` among its extended key usages',
      { extensions: [...good, 'extendedKeyUsage=serverAuth,clientAuth'] },
    ],
  ])('is accepted if it %s', (_name, odd) => {
    expect(verdictOf(odd)).toBe('passed');
  });

  test('may have a subject that differs from the request only in letter case and blanks', async () => {
    const trace = new DecisionTrace('dps', 'CA', 'activation', undefined);
    const { csr } = await requestExternalCa(subject.toUpperCase().replace(' ', '  '));
    const other = { ...requested, subject: requestedIn(csr).subject };
    const text = signedChain({});
    expect(judgeExternalCa(text, other, startOfCa(), trace)).toHaveLength(2);
  });

  const request = (curve: string, ...more: readonly string[]): readonly string[] => [
    '-newkey',
    'ec',
    '-pkeyopt',
    `ec_paramgen_curve:${curve}`,
    ...more,
    '-subj',
    `/CN=${subject}`,
  ];

  test.each<[string, Odd, string]>([
    ['it has version 1, which has no extensions', { extensions: [] }, 'external-ca-basic-constraints'],
    ['it has an RSA key', { other: ['-newkey', 'rsa:2048', '-subj', `/CN=${subject}`] }, 'external-ca-key-allowed'],
    [
      'its key has explicit parameters',
      { other: request('P-384', '-pkeyopt', 'ec_param_enc:explicit') },
      'external-ca-key-allowed',
    ],
    ['its key is on another curve', { other: request('secp256k1') }, 'external-ca-key-allowed'],
    ['its key is not the requested one', { other: request('P-384') }, 'external-ca-key-requested'],
    ['it is signed with RSA', { signer: 'rsa' }, 'external-ca-signature-allowed'],
    ['it is signed with SHA-1', { hash: 'sha1' }, 'external-ca-signature-allowed'],
    ['it has no basic constraints', { extensions: without('basicConstraints') }, 'external-ca-basic-constraints'],
    [
      'its basic constraints are not critical',
      { extensions: without('basicConstraints', 'basicConstraints=CA:TRUE,pathlen:1') },
      'external-ca-basic-constraints',
    ],
    [
      'it is no CA',
      { extensions: without('basicConstraints', 'basicConstraints=critical,CA:FALSE') },
      'external-ca-basic-constraints',
    ],
    [
      'it has no path length',
      { extensions: without('basicConstraints', 'basicConstraints=critical,CA:TRUE') },
      'external-ca-path-length',
    ],
    [
      'its path length is 0',
      { extensions: without('basicConstraints', 'basicConstraints=critical,CA:TRUE,pathlen:0') },
      'external-ca-path-length',
    ],
    ['it has no key usage', { extensions: without('keyUsage') }, 'external-ca-key-usage'],
    [
      'it may not sign lists of revoked certificates',
      { extensions: without('keyUsage', 'keyUsage=critical,digitalSignature,keyCertSign') },
      'external-ca-key-usage',
    ],
    [
      'its extended key usage is `serverAuth`',
      { extensions: [...good, 'extendedKeyUsage=serverAuth'] },
      'external-ca-extended-key-usage',
    ],
    [
      'it has no subject key identifier',
      { extensions: without('subjectKeyIdentifier', 'subjectKeyIdentifier=none') },
      'external-ca-key-identifier',
    ],
    ['it lasts 364 days', { days: 364 }, 'external-ca-lasts'],
    [
      'the chain skips its issuer',
      { chain: (leaf) => leaf + readFileSync(file('rsa.pem'), 'utf8') },
      'external-ca-chain-matches',
    ],
    [
      'the root comes first',
      { chain: (leaf) => readFileSync(file('ec.pem'), 'utf8') + leaf },
      'external-ca-key-requested',
    ],
    ['the chain is not PEM', { chain: () => 'certificate please' }, 'external-ca-chain-readable'],
    ['the chain has eleven certificates', { chain: (leaf) => leaf.repeat(11) }, 'external-ca-chain-readable'],
    [
      'a certificate of the chain is damaged',
      { chain: (leaf) => leaf + leaf.replace(/\n[A-Za-z0-9+/]{64}\n/, '\n') },
      'external-ca-chain-readable',
    ],
  ])('is refused if %s', (_name, odd, check) => {
    expect(verdictOf(odd)).toBe(check);
  });

  test('is refused if its validity has not begun', () => {
    expect(verdictOf({}, -1)).toBe('external-ca-begun');
  });

  test('is refused if its subject differs from the subject of the request', () => {
    const other = { ...requested, subject: { ...requested.subject, key: 'other' } };
    const trace = new DecisionTrace('dps', 'CA', 'activation', undefined);
    const text = signedChain({});
    expect(judgeExternalCa(text, other, startOfCa(), trace)).toBeUndefined();
    expect(firstFailed(trace.decision())?.check).toBe('external-ca-subject-matches');
  });
});
