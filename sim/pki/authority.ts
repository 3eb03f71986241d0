import { defined } from '../../core/defined.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { Random } from '../../core/random.ts';
import { issueCertificate, type Issued, type MintOrder } from '../../core/x509/mint/mint.ts';
import type { Signer } from '../../core/x509/mint/signer.ts';
import type { WorldKeyStores } from '../key-stores/world-key-stores.ts';
import type { CaSpec, OwnCaSpec } from '../scenario/schema.ts';

/** The certificate of a CA and a signer that uses its key. `keyPem` is the key as PKCS #8 if the key is in a file. */
export type SigningCertificate = Issued & { readonly keys: Signer; readonly keyPem?: string };

/** A certificate authority of the manufacturer or of a vendor, with the CAs above it. */
export interface Authority<Own extends SigningCertificate = SigningCertificate> {
  readonly name: string;
  readonly minted: Own;
  /** Certificates that a device sends after its leaf: from this CA upwards, without the root. */
  readonly intermediates: readonly Issued[];
  /** Certificates from this CA upwards, including the root at the end. */
  readonly chain: readonly Issued[];
  /** Every CA of the scenario, including this CA. A path from a leaf of another CA to the root may contain them. */
  readonly siblings: readonly Issued[];
}

/**
 * Mints every CA of a scenario at the instant `start`, issuers first. The loader has already rejected circular chains.
 * @param make makes the key of a CA and mints its certificate.
 * @param existing CAs from an earlier call, by name. The function does not mint them again.
 */
export async function mintAuthorities<Own extends SigningCertificate>(
  specs: Readonly<Record<string, OwnCaSpec>>,
  start: Millis,
  random: Random,
  make: (name: string, kind: OwnCaSpec['key'], order: Omit<MintOrder, 'keys'>) => Promise<Own>,
  existing: ReadonlyMap<string, Own> = new Map(),
): Promise<ReadonlyMap<string, Authority<Own>>> {
  const authorities = new Map<string, Authority<Own>>();
  const siblings: Issued[] = [];
  const mint = async (name: string): Promise<Authority<Own>> => {
    const known = authorities.get(name);
    if (known !== undefined) return known;
    const spec = specs[name];
    if (spec === undefined) throw new Error(`no CA is called ${name}`);
    const issuer = spec.issuer === undefined ? undefined : await mint(spec.issuer);
    const minted =
      existing.get(name) ??
      (await make(name, spec.key, {
        subject: { commonName: name },
        ...defined({
          issuer: issuer && { certificate: issuer.minted.certificate, keys: issuer.minted.keys },
        }),
        notBefore: start,
        notAfter: addDuration(start, spec.validity),
        ca: defined({ pathLength: spec.pathLength }),
        serialNumber: random.fork(name).bytes(16),
      }));
    siblings.push(minted);
    const authority = {
      name,
      minted,
      intermediates: issuer === undefined ? [] : [minted, ...issuer.intermediates],
      chain: [minted, ...(issuer?.chain ?? [])],
      siblings,
    };
    authorities.set(name, authority);
    return authority;
  };
  for (const name of Object.keys(specs)) await mint(name);
  return authorities;
}

/** Mints every CA of a scenario, with a key from the key store that its entry names. */
export function mintFromStores(
  specs: Readonly<Record<string, CaSpec>>,
  start: Millis,
  random: Random,
  keyStores: WorldKeyStores,
): Promise<ReadonlyMap<string, Authority>> {
  return mintAuthorities(specs, start, random, async (name, kind, order): Promise<SigningCertificate> => {
    const { publicKey, sign, handshake } = await keyStores
      .open(specs[name]?.keyStore ?? 'file', name)
      .makeKeyPair(kind);
    const keys = { kind, sign };
    const issued = await issueCertificate({ ...order, publicKey, issuer: order.issuer ?? { keys } });
    return { ...issued, keys, ...('keyPem' in handshake ? { keyPem: handshake.keyPem } : {}) };
  });
}
