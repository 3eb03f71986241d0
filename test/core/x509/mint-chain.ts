import { mintCertificate, type Minted, type MintOrder } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair, type KeyKind } from '../../../core/x509/mint/key-pair.ts';

/** An instant at which every certificate of `mint` is valid. */
export const noon = Date.UTC(2026, 5, 1, 12);

const [keysA, keysB, keysC, keysD] = await Promise.all([1, 2, 3, 4].map(() => generateKeyPair('P-256')));

/** Four key pairs that all tests of a file use. */
export const keys = [keysA, keysB, keysC, keysD].filter((pair) => pair !== undefined);

type Order = Partial<Omit<MintOrder, 'subject' | 'issuer'>> & {
  readonly issuer?: Minted;
  readonly subject?: MintOrder['subject'];
};

/** Mints a certificate with the common name `name` and one of the four keys, valid around `noon`. */
export function mint(name: string, key: number, order: Order = {}): Promise<Minted> {
  const pair = keys[key];
  if (pair === undefined) throw new Error(`there is no key ${key}`);
  const validity = { notBefore: Date.UTC(2020, 0, 1), notAfter: Date.UTC(2040, 0, 1) };
  return mintCertificate({ subject: { commonName: name }, keys: pair, ...validity, ...order });
}

export async function mintWith(kind: KeyKind, name: string, order: Order = {}): Promise<Minted> {
  return mint(name, 0, { ...order, keys: await generateKeyPair(kind) });
}
