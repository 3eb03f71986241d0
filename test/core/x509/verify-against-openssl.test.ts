import { describe, expect, test } from 'vitest';
import { Random } from '../../../core/random.ts';
import { verifyChain, type ChainVerdict } from '../../../core/x509/verify.ts';
import { chainKinds } from './oracle/chain-kinds.ts';
import { below, keyPool, mintChain, planChain } from './oracle/chain-plan.ts';
import { askOpenssl, type OracleAnswer } from './oracle/openssl-verify.ts';

const chainCount = 500;

/**
 * The kinds of chains for which OpenSSL 3.0 gives another verdict, with the reason. A test fails if an entry has no difference any more.
 */
const differences: Readonly<Record<string, string>> = {
  'the last instant':
    'RFC 5280 4.1.2.5 counts notAfter in; OpenSSL takes a certificate for expired from that second on',
  'another CA of the same name, and no key identifiers':
    'OpenSSL takes the first issuer of the right name and never goes back; RFC 5280 6.1 accepts any good path',
  'a CA that another root signed too': 'likewise: OpenSSL may take the certificate whose root is missing',
  'a DNS name beyond ASCII': 'the names are IA5String (RFC 5280 4.2.1.6), which OpenSSL does not look into',
};

interface Judged {
  readonly kind: string;
  readonly ours: ChainVerdict;
  readonly openssl: OracleAnswer;
}

async function judgeAll(): Promise<Judged[]> {
  const random = new Random('chains for openssl');
  const pool = await keyPool();
  const kinds = Object.entries(chainKinds);
  const cases = [];
  for (let index = 0; index < chainCount; index++) {
    const [kind, { shape, least = 0 }] = kinds[index % kinds.length] ?? ['none', { shape: () => {} }];
    const own = random.fork(`${index} ${kind}`);
    const plan = planChain(own, pool, least + (least > 4 ? 0 : below(own, 4)));
    await shape(plan, own, pool);
    cases.push({ kind, plan, chain: await mintChain(plan, own) });
  }
  const openssl = await askOpenssl(
    cases.map(({ plan, chain }) => ({
      leaf: chain.leaf.pem,
      presented: chain.presented.map(({ pem }) => pem),
      anchors: chain.anchors.map(({ pem }) => pem),
      at: plan.at,
      purpose: plan.purpose,
      strict: plan.strict,
    })),
  );
  return cases.map(({ kind, plan, chain }, index) => ({
    kind,
    ours: verifyChain({
      leaf: chain.leaf.der,
      presented: chain.presented.map(({ der }) => der),
      anchors: chain.anchors.map(({ der }) => der),
      at: plan.at,
      purpose: plan.purpose,
      strict: plan.strict,
    }),
    openssl: openssl[index] ?? { ok: false, output: 'not asked' },
  }));
}

describe('`verifyChain` on 500 generated chains', async () => {
  const judged = await judgeAll();
  const ofKind = (kind: string): Judged[] => judged.filter((each) => each.kind === kind);

  test.each(Object.entries(chainKinds))('names the rule that these chains violate: %s', (kind, { verdict }) => {
    const ours = ofKind(kind).map((each) => (each.ours.ok ? 'good' : each.ours.rule));
    expect(ours.length).toBeGreaterThan(3);
    expect(new Set(ours)).toEqual(new Set([verdict]));
  });

  test.each(Object.keys(chainKinds).filter((kind) => differences[kind] === undefined))(
    'gives the verdict of openssl verify on these chains: %s',
    (kind) => {
      const unlike = ofKind(kind).filter(({ ours, openssl }) => ours.ok !== openssl.ok);
      expect(
        unlike.map(({ ours, openssl }) => ({ ours: ours.ok ? 'good' : ours.sentence, openssl: openssl.output })),
      ).toEqual([]);
    },
  );

  test.each(Object.keys(differences))(
    'differs from openssl verify, as the list of differences states, on some of these chains: %s',
    (kind) => {
      expect(ofKind(kind).some(({ ours, openssl }) => ours.ok !== openssl.ok)).toBe(true);
    },
  );
});
