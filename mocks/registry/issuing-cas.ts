import { parseInstant } from '../../core/time/clock.ts';
import { defined } from '../../core/defined.ts';
import type { Random } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import {
  toStoredCertificate,
  fromStoredCertificate,
  type StoredCertificate,
} from '../../core/x509/stored-certificate.ts';
import { mintCertificate, type Minted } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';

/** The keys and certificates of the CAs that Azure runs: roots and issuing CAs, all with P-384 keys generated in this run. */
export class IssuingCas implements Store {
  readonly #random: Random;
  readonly #minting = new Map<string, Promise<Minted>>();
  /** The CAs that were created so far, by common name. */
  readonly #made = new WatchedMap<Minted>({
    toSaved: toStoredCertificate,
    fromSaved: (saved) => fromStoredCertificate(saved as StoredCertificate),
  });
  readonly parts = { made: this.#made };

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns the CAs with their private keys, because devices use issued chains for up to 90 days. */
  save(): Readonly<Record<string, StoredCertificate>> {
    return Object.fromEntries([...this.#made].map(([name, minted]) => [name, toStoredCertificate(minted)]));
  }

  load(saved: Readonly<Record<string, StoredCertificate>>): void {
    this.#made.clear();
    for (const [name, kept] of Object.entries(saved)) this.#made.set(name, fromStoredCertificate(kept));
  }

  /** Returns a CA that was created before; undefined if there is none with this common name. */
  find(commonName: string): Minted | undefined {
    return this.#made.get(commonName);
  }

  /**
   * Returns the CA with a common name, and creates it at the first call.
   *
   * @param issuer the CA above it. Default: the CA is a root.
   */
  obtain(commonName: string, issuer?: Minted): Promise<Minted> {
    const made = this.#made.get(commonName);
    if (made !== undefined) return Promise.resolve(made);
    const minting = this.#minting.get(commonName) ?? this.#mint(commonName, issuer);
    this.#minting.set(commonName, minting);
    return minting;
  }

  /** Creates a CA that is valid from 2000 to 2100, so that it is valid in every timeline. */
  async #mint(commonName: string, above: Minted | undefined): Promise<Minted> {
    const minted = await mintCertificate({
      subject: { commonName },
      keys: await generateKeyPair('P-384'),
      ...defined({ issuer: above && { certificate: above.certificate, keys: above.keys } }),
      notBefore: parseInstant('2000-01-01T00:00:00Z') ?? 0,
      notAfter: parseInstant('2100-01-01T00:00:00Z') ?? 0,
      ca: above === undefined ? {} : { pathLength: 0 },
      serialNumber: this.#random.bytes(16),
    });
    this.#made.set(commonName, minted);
    this.#minting.delete(commonName);
    return minted;
  }
}
