import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { SyncState } from '../../core/cloud/registry-operator.ts';
import type { Millis } from '../../core/time/clock.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import type { KeyPair } from '../../core/x509/mint/key-pair.ts';
import type { Minted } from '../../core/x509/mint/mint.ts';
import { defaultNamespace, type Authorities } from './authorities.ts';
import type { ActiveCa, CaRecord } from './ca-record.ts';
import type { CredentialSync } from './credential-sync.ts';
import type { IssuingCas } from './issuing-cas.ts';

/** A CA that can issue: its certificate, its key, and the CA certificates that each issued chain contains. */
export interface UsableCa {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
  /** DER, from the CA to the root. */
  readonly chain: readonly Buffer[];
}

/** The present certificates of the CAs, and the trust of each hub in them. */
export class CaCertificates {
  readonly #authorities: Authorities;
  readonly #cas: IssuingCas;
  readonly #sync: CredentialSync;
  /** Parsed certificates of external CAs, by record. */
  readonly #external = new WeakMap<ActiveCa, UsableCa>();

  constructor(authorities: Authorities, cas: IssuingCas, sync: CredentialSync) {
    this.#authorities = authorities;
    this.#cas = cas;
    this.#sync = sync;
  }

  /**
   * Returns the present certificate of a CA if it exists already. A CA from the settings gets its certificate at its
   * first use.
   */
  present(ca: CaRecord): UsableCa | undefined {
    if (ca.issuer === 'External') return ca.active === undefined ? undefined : this.#readExternal(ca.active);
    const made = this.#cas.find(commonNameOf(ca));
    if (made === undefined || ca.type === 'Root') return made && usable(made, undefined);
    const above = this.#authorities.rootOf(ca.namespace);
    const root = above === undefined ? undefined : this.#cas.find(commonNameOf(above));
    return root === undefined ? undefined : usable(made, root);
  }

  /**
   * Returns the present certificate of a CA. Creates the certificate of a CA that Azure runs. Returns undefined for an
   * external CA without a certificate, and for an issuing CA in a namespace without a root.
   */
  async obtain(ca: CaRecord): Promise<UsableCa | undefined> {
    if (ca.issuer === 'External') return this.present(ca);
    if (ca.type === 'Root') return usable(await this.#cas.obtain(commonNameOf(ca)), undefined);
    const above = this.#authorities.rootOf(ca.namespace);
    if (above === undefined) return undefined;
    const root = await this.#cas.obtain(commonNameOf(above));
    return usable(await this.#cas.obtain(commonNameOf(ca), root), root);
  }

  /**
   * Returns every CA certificate that a chain for a hub may contain, in DER. These are the certificates that the
   * registry sent to the hub, and the present certificates of all CAs.
   */
  known(hub: string): readonly Buffer[] {
    return [
      ...this.#sync.certificates(hub),
      ...this.#authorities.list().flatMap((ca) => {
        const found = ca.type === 'Root' ? undefined : this.present(ca)?.certificate.der;
        return found === undefined || this.#sync.stateAt(hub, found, 0) !== 'none' ? [] : [found];
      }),
    ];
  }

  /**
   * Returns the trust of a hub in a CA certificate at `now`; undefined if the certificate does not come from the device
   * registry.
   */
  trustOf(hub: string, der: Buffer, now: Millis): SyncState | undefined {
    const state = this.#sync.stateAt(hub, der, now);
    if (state !== 'none') return state;
    const ca = this.#authorities
      .list()
      .find((each) => each.type === 'ICA' && this.present(each)?.certificate.der.equals(der) === true);
    if (ca === undefined) return undefined;
    return ca.isImplied === true && ca.generation === 1 ? 'synced' : 'none';
  }

  #readExternal(active: ActiveCa): UsableCa {
    const known = this.#external.get(active);
    if (known !== undefined) return known;
    const chain = active.chain.map((each) => Buffer.from(each, 'base64'));
    const read = parseCertificate(chain[0] ?? Buffer.alloc(0));
    if (!read.ok) throw new Error(`the stored certificate of an external CA cannot be read: ${read.failure.sentence}`);
    const privateKey = createPrivateKey(active.privateKeyPem);
    const keys: KeyPair = { kind: 'P-384', privateKey, publicKey: createPublicKey(privateKey) };
    const found = { certificate: read.value, keys, chain };
    this.#external.set(active, found);
    return found;
  }
}

function usable(made: Minted, root: Minted | undefined): UsableCa {
  const { certificate, keys, der } = made;
  return { certificate, keys, chain: root === undefined ? [der] : [der, root.der] };
}

/**
 * Returns the common name of the certificate of a CA that Azure runs. The name differs for each CA and rotation, even
 * if an operator deletes a CA and creates it again.
 */
function commonNameOf({ type, namespace, name, generation, uuid, isImplied }: CaRecord): string {
  // A common name has at most 64 characters (RFC 5280 appendix A).
  const shown = isImplied === true ? name : name.slice(0, 30);
  const parts = [
    type === 'Root' ? 'Rehearsal Credential Root (throw-away)' : `Rehearsal Issuing CA ${shown}`,
    ...(isImplied === true && namespace !== defaultNamespace ? [`of ${namespace}`] : []),
    ...(isImplied === true ? [] : [uuid.slice(0, 8)]),
    ...(generation === 1 ? [] : [String(generation)]),
  ];
  return parts.join(' ');
}
