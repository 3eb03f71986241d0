import { defined } from '../../core/defined.ts';
import type { Validity } from '../../core/rules/is-valid-at.ts';
import { parseInstant, type Millis } from '../../core/time/clock.ts';
import type { CredentialPolicy } from '../../core/cloud/cloud.ts';
import type { KeyObject } from 'node:crypto';
import type { Random } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import {
  toStoredCertificate,
  fromStoredCertificate,
  type StoredCertificate,
} from '../../core/x509/stored-certificate.ts';
import { issueCertificate, mintCertificate, type Minted } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';

/** An issued certificate with its chain in DER, from the leaf to the root. `thumbprint` is the SHA-256 of the leaf (hex). */
export interface IssuedChain {
  readonly chain: readonly Buffer[];
  readonly thumbprint: string;
}

/** The namespace and the certificate authority of a credential policy in the device registry. */
interface RegistryPlace {
  readonly namespace: string;
  readonly certificateAuthority: string;
}

/** The subject and the key of a certificate to issue. */
export interface LeafOrder {
  readonly commonName: string;
  readonly uri?: string;
  readonly publicKey: KeyObject;
}

/**
 * The certificate authorities of the service: one root, and one issuing CA for each credential policy, all with P-384 keys
 * generated in this run. Each is created when its first certificate is requested.
 */
export class IssuingCas implements Store {
  readonly #policies: ReadonlyMap<string, CredentialPolicy>;
  readonly #random: Random;
  #root: Promise<Minted> | undefined;
  readonly #issuing = new Map<string, Promise<Minted>>();
  /** The CAs that were created so far, by common name. */
  readonly #made = new WatchedMap<Minted>({
    toSaved: toStoredCertificate,
    fromSaved: (saved) => fromStoredCertificate(saved as StoredCertificate),
  });
  readonly parts = { made: this.#made };

  /** @throws Error if the validity of a policy is not 1 to 90 days. Callers check the validity first. */
  constructor(policies: Readonly<Record<string, CredentialPolicy>>, random: Random) {
    this.#policies = new Map(Object.entries(policies));
    this.#random = random;
    for (const [name, { validityDays }] of this.#policies) {
      if (!Number.isInteger(validityDays) || validityDays < 1 || validityDays > 90)
        throw new Error(`credential policy ${name} has validityDays ${validityDays}; expected 1 to 90`);
    }
  }

  /** Returns the CAs with their private keys, because devices use issued chains for up to 90 days. */
  save(): Readonly<Record<string, StoredCertificate>> {
    return Object.fromEntries([...this.#made].map(([name, minted]) => [name, toStoredCertificate(minted)]));
  }

  load(saved: Readonly<Record<string, StoredCertificate>>): void {
    this.#made.clear();
    for (const [name, kept] of Object.entries(saved)) this.#made.set(name, fromStoredCertificate(kept));
  }

  names(): readonly string[] {
    return [...this.#policies.keys()];
  }

  /** Returns the namespace and the CA of a policy in the device registry. Returns undefined if the service has no policy with this name. */
  placeOf(policyName: string): RegistryPlace | undefined {
    const policy = this.#policies.get(policyName);
    if (policy === undefined) return undefined;
    return {
      namespace: policy.namespace ?? defaultNamespace,
      certificateAuthority: policy.certificateAuthority ?? policyName,
    };
  }

  /** Returns the validity of a certificate that is issued at `now`. Returns undefined if the service has no policy with this name. */
  validityOf(policyName: string, now: Millis): Validity | undefined {
    const policy = this.#policies.get(policyName);
    if (policy === undefined) return undefined;
    const notBefore = now - (now % 1000);
    return { notBefore, notAfter: notBefore + policy.validityDays * dayMs };
  }

  /** Returns the CAs that have issued certificates, without the root, in DER. */
  issuers(): readonly Buffer[] {
    return [...this.#made].flatMap(([name, { der }]) => (name === rootName ? [] : [der]));
  }

  /**
   * Issues a certificate for TLS clients. `uri` is the name of the device in the extension subjectAltName. Returns undefined if the
   * service has no policy with this name.
   */
  async issue(
    policyName: string,
    { commonName, uri, publicKey }: LeafOrder,
    now: Millis,
  ): Promise<IssuedChain | undefined> {
    const validity = this.validityOf(policyName, now);
    if (validity === undefined) return undefined;
    const root = await (this.#root ??= this.#mint(rootName, undefined));
    const issuing = this.#issuing.get(policyName) ?? this.#mint(`Rehearsal Issuing CA ${policyName}`, root);
    this.#issuing.set(policyName, issuing);
    const issuer = await issuing;
    const leaf = await issueCertificate({
      subject: { commonName },
      publicKey,
      ...(uri === undefined ? {} : { uris: [uri] }),
      issuer: { certificate: issuer.certificate, keys: issuer.keys },
      ...validity,
      extendedKeyUsage: ['clientAuth'],
      serialNumber: this.#random.bytes(16),
    });
    return { chain: [leaf.der, issuer.der, root.der], thumbprint: leaf.certificate.thumbprintSha256 };
  }

  /** Creates a CA that is valid from 2000 to 2100, so that it is valid in every timeline. */
  async #mint(commonName: string, issuer: Minted | undefined): Promise<Minted> {
    const made = this.#made.get(commonName);
    if (made !== undefined) return made;
    const minted = await mintCertificate({
      subject: { commonName },
      keys: await generateKeyPair('P-384'),
      ...defined({ issuer: issuer && { certificate: issuer.certificate, keys: issuer.keys } }),
      notBefore: parseInstant('2000-01-01T00:00:00Z') ?? 0,
      notAfter: parseInstant('2100-01-01T00:00:00Z') ?? 0,
      ca: issuer === undefined ? {} : { pathLength: 0 },
      serialNumber: this.#random.bytes(16),
    });
    this.#made.set(commonName, minted);
    return minted;
  }
}

const dayMs = 86_400_000;
const defaultNamespace = 'rehearsal';
const rootName = 'Rehearsal Credential Root (throw-away)';
