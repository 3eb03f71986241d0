import type { Millis } from '../../core/clock.ts';
import { addDuration } from '../../core/duration.ts';
import type { Random } from '../../core/random.ts';
import { generateKeyPair, mintCertificate, type Minted } from '../../core/x509/mint.ts';
import type { OwnCaSpec } from '../scenario/schema.ts';

/** A certificate authority with the chain above it; whoever runs it. */
export interface Authority {
  readonly name: string;
  readonly minted: Minted;
  /** From this CA's own certificate upwards, the root left out: what a device has to send beside its leaf. */
  readonly intermediates: readonly Minted[];
  /** The same with the root at its end. */
  readonly chain: readonly Minted[];
  /** Every CA of the scenario, itself too: what may stand between its root and a certificate that it did not sign itself. */
  readonly siblings: readonly Minted[];
}

/**
 * Mints every CA of a scenario at `start`, issuers first. The loader has refused circles.
 *
 * @param existing CAs by name that were minted before, and are taken as they are.
 */
export async function mintAuthorities(
  specs: Readonly<Record<string, OwnCaSpec>>,
  start: Millis,
  random: Random,
  existing: ReadonlyMap<string, Minted> = new Map(),
): Promise<ReadonlyMap<string, Authority>> {
  const authorities = new Map<string, Authority>();
  const siblings: Minted[] = [];
  const mint = async (name: string): Promise<Authority> => {
    const known = authorities.get(name);
    if (known !== undefined) return known;
    const spec = specs[name];
    if (spec === undefined) throw new Error(`no CA is called ${name}`);
    const issuer = spec.issuer === undefined ? undefined : await mint(spec.issuer);
    const minted =
      existing.get(name) ??
      (await mintCertificate({
        subject: { commonName: name },
        keys: await generateKeyPair(spec.key),
        ...(issuer === undefined
          ? {}
          : { issuer: { certificate: issuer.minted.certificate, keys: issuer.minted.keys } }),
        notBefore: start,
        notAfter: addDuration(start, spec.validity),
        ca: spec.pathLength === undefined ? {} : { pathLength: spec.pathLength },
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
