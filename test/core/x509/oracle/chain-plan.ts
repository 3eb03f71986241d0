import type { Millis } from '../../../../core/time/clock.ts';
import type { Random } from '../../../../core/random.ts';
import { mintCertificate, mintDer, type Minted, type MintOrder } from '../../../../core/x509/mint/mint.ts';
import { generateKeyPair, type KeyPair } from '../../../../core/x509/mint/key-pair.ts';
import { toPem } from '../../../../core/x509/der/pem.ts';
import type { Purpose } from '../../../../core/x509/verify.ts';

export const day = 86_400_000;

/** The plan of a valid chain, which a test changes before it mints the certificates. */
export interface ChainPlan {
  /** The certificates to mint, from the leaf to the root. */
  readonly orders: Draft[];
  /** Index of the certificate that the verifier trusts. */
  anchor: number;
  at: Millis;
  purpose: Purpose;
  strict: boolean;
  /** Indexes of certificates that the peer does not send. */
  readonly withheld: Set<number>;
  /** If set, changes the minted certificates, from the leaf to the root, before the peer sends them. */
  forge?: (chain: readonly Minted[]) => Promise<readonly Shown[]> | readonly Shown[];
  /** If set, the verifier trusts these certificates and not the certificate at `anchor`. */
  trusted?: readonly Minted[];
  /** Certificates that the peer sends in addition to the chain. */
  readonly extra: Shown[];
  /** True if a test makes the leaf invalid in DER, so that `mint` must not parse it. */
  malformed?: boolean;
}

type Order = Omit<MintOrder, 'issuer'>;
export type Draft = { -readonly [Field in keyof Order]: Order[Field] };

/** A certificate as the peer sends it. */
export type Shown = Pick<Minted, 'der' | 'pem'>;

export interface Chain {
  readonly leaf: Shown;
  readonly presented: readonly Shown[];
  readonly anchors: readonly Shown[];
}

/** Creates the key pairs that all chains share, because it takes long to create keys. No chain uses one pair twice. */
export async function keyPool(): Promise<KeyPair[]> {
  const kinds = [...Array.from({ length: 10 }, () => 'P-256' as const), 'P-384', 'RSA-2048', 'RSA-2048'] as const;
  return Promise.all(kinds.map((kind) => generateKeyPair(kind)));
}

export function below(random: Random, count: number): number {
  return Math.floor(random.number() * count);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[below(random, from.length)];
  if (chosen === undefined) throw new Error('the list to pick from is empty');
  return chosen;
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: random.number() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

/** Returns the plan of a valid chain with a random shape. @param intermediates number of CAs between leaf and root. */
export function planChain(random: Random, pool: readonly KeyPair[], intermediates: number): ChainPlan {
  const keys = shuffled(random, pool);
  const at = Date.UTC(2001 + below(random, 90), below(random, 12), 1 + below(random, 28), below(random, 24));
  const purpose = pick(random, ['clientAuth', 'serverAuth', 'any'] as const);
  const orders = Array.from({ length: intermediates + 2 }, (_, index): Draft => {
    const ownKeys = keys[index];
    if (ownKeys === undefined) throw new Error('the pool of keys is too small');
    const common = {
      keys: ownKeys,
      notBefore: at - (1 + below(random, 400)) * day,
      notAfter: at + (1 + below(random, 4000)) * day,
      serialNumber: random.bytes(16),
    };
    const name = `${pick(random, ['thermostat', 'Öl+Gas, "Nord"', ' #7 <x>', 'a=b;c\\d'])} ${index} ${random.bytes(4).toString('hex')}`;
    if (index > 0) return { ...common, subject: { organization: 'Contoso', commonName: name }, ca: {} };
    const extendedKeyUsage =
      purpose === 'any'
        ? pick(random, [[], ['codeSigning']])
        : pick(random, [[], [purpose], ['clientAuth', 'serverAuth']]);
    return {
      ...common,
      subject: pick(random, [
        { commonName: name },
        { country: 'DE', organization: 'Contoso', organizationalUnit: 'Line 2', commonName: name },
      ]),
      extendedKeyUsage,
      keyUsage: pick(random, [[], ['digitalSignature'], ['digitalSignature', 'keyAgreement']] as const),
      dnsNames: pick(random, [[], ['device.example.com'], ['a.example.com', '*.b.example.com']]),
    };
  });
  return { orders, anchor: intermediates + 1, at, purpose, strict: false, withheld: new Set(), extra: [] };
}

/** Mints the certificates of a plan, root first. The peer sends them in random order, sometimes with the root. */
export async function mintChain(plan: ChainPlan, random: Random): Promise<Chain> {
  const minted: Minted[] = [];
  for (const order of plan.orders.toReversed()) {
    const issuer = minted[0];
    const isLast = plan.malformed === true && minted.length === plan.orders.length - 1;
    const signed = { ...order, ...(issuer === undefined ? {} : { issuer }) };
    if (isLast && issuer !== undefined) minted.unshift({ ...issuer, ...show(await mintDer(signed)) });
    else minted.unshift(await mintCertificate(signed));
  }
  const chain: readonly Shown[] = (await plan.forge?.(minted)) ?? minted;
  const [leaf] = chain;
  const anchor = chain[plan.anchor];
  if (leaf === undefined || anchor === undefined) throw new Error('a plan without a leaf or a trusted certificate');
  const rest = chain.filter((_, index) => index > 0 && !plan.withheld.has(index));
  const sent = rest.filter((minted) => minted !== chain.at(-1) || random.number() < 0.3);
  return { leaf, presented: shuffled(random, [...sent, ...plan.extra]), anchors: plan.trusted ?? [anchor] };
}

export function show(der: Buffer): Shown {
  return { der, pem: toPem(der) };
}
