import type { CredentialPolicy } from '../../core/cloud/cloud.ts';
import type { CaName, PolicyName } from '../../core/cloud/registry-operator.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Random } from '../../core/random.ts';
import type { CaRecord, PolicyRecord } from './ca-record.ts';

interface SavedAuthorities {
  readonly cas: readonly (readonly [string, CaRecord])[];
  readonly policies: readonly (readonly [string, PolicyRecord])[];
}

/**
 * The certificate authorities and policies of all namespaces. The settings of the cloud imply a CA for each credential policy; a snapshot
 * contains this CA only if an operator has changed the CA.
 */
export class Authorities implements Store {
  readonly #random: Random;
  readonly #cas = new WatchedMap<CaRecord>();
  readonly #policies = new WatchedMap<PolicyRecord>();
  readonly parts = { cas: this.#cas, policies: this.#policies };

  /** @throws Error if the validity of a policy is not 1 to 90 days. Callers check the validity first. */
  constructor(implied: Readonly<Record<string, CredentialPolicy>>, random: Random) {
    this.#random = random;
    for (const [name, policy] of Object.entries(implied)) this.#imply(name, policy);
  }

  save(): SavedAuthorities {
    return {
      cas: [...this.#cas].filter(([, record]) => isChanged(record)),
      policies: [...this.#policies].filter(([, { isImplied, isDeleted }]) => isImplied !== true || isDeleted === true),
    };
  }

  load({ cas, policies }: SavedAuthorities): void {
    for (const [key, record] of cas) this.#cas.set(key, record);
    for (const [key, record] of policies) this.#policies.set(key, record);
  }

  /** Returns all CAs, without the deleted ones. */
  list(): readonly CaRecord[] {
    return [...this.#cas.values()].filter(({ isDeleted }) => isDeleted !== true);
  }

  find({ namespace, certificateAuthority }: CaName): CaRecord | undefined {
    const found = this.#cas.get(`${namespace}/${certificateAuthority}`);
    return found?.isDeleted === true ? undefined : found;
  }

  /** Returns the root of a namespace; undefined if the namespace has none. */
  rootOf(namespace: string): CaRecord | undefined {
    return this.list().find((ca) => ca.type === 'Root' && ca.namespace === namespace);
  }

  put(record: CaRecord): CaRecord {
    this.#cas.set(keyOfCa(record), record);
    return record;
  }

  delete(record: CaRecord): void {
    if (record.isImplied === true) this.put({ ...record, isDeleted: true });
    else this.#cas.delete(keyOfCa(record));
  }

  policies(): readonly PolicyRecord[] {
    return [...this.#policies.values()].filter(({ isDeleted }) => isDeleted !== true);
  }

  /** Returns a policy by its names. */
  findPolicy({ namespace, certificateAuthority, policy }: PolicyName): PolicyRecord | undefined {
    const found = this.#policies.get(`${namespace}/${certificateAuthority}/${policy}`);
    return found?.isDeleted === true ? undefined : found;
  }

  putPolicy(record: PolicyRecord): PolicyRecord {
    this.#policies.set(keyOfPolicy(record), record);
    return record;
  }

  deletePolicy(record: PolicyRecord): void {
    if (record.isImplied === true) this.putPolicy({ ...record, isDeleted: true });
    else this.#policies.delete(keyOfPolicy(record));
  }

  newUuid(): string {
    return this.#random.uuid();
  }

  #imply(
    name: string,
    { validityDays, namespace = defaultNamespace, certificateAuthority = name }: CredentialPolicy,
  ): void {
    if (!Number.isInteger(validityDays) || validityDays < 1 || validityDays > 90)
      throw new Error(`credential policy ${name} has validityDays ${validityDays}; expected 1 to 90`);
    const common = { namespace, generation: 1, isImplied: true } as const;
    if (this.rootOf(namespace) === undefined) {
      const root: CaRecord = { ...common, name: impliedRoot, uuid: this.newUuid(), type: 'Root' };
      this.#cas.setUnwatched(keyOfCa(root), root);
    }
    if (this.find({ namespace, certificateAuthority }) === undefined) {
      const ca: CaRecord = {
        ...common,
        name: certificateAuthority,
        uuid: this.newUuid(),
        type: 'ICA',
        issuer: 'Microsoft',
      };
      this.#cas.setUnwatched(keyOfCa(ca), ca);
    }
    const policy = {
      namespace,
      certificateAuthority,
      name,
      uuid: this.newUuid(),
      validityDays,
      isImplied: true,
    } as const;
    this.#policies.setUnwatched(keyOfPolicy(policy), policy);
  }
}

/** The text by which a device in the registry refers to its policy. */
export function keyOfPolicy({ namespace, certificateAuthority, name }: PolicyRecord): string {
  return `${namespace}/${certificateAuthority}/${name}`;
}

/** Returns the names of a policy. */
export function namesOfPolicy({ namespace, certificateAuthority, name }: PolicyRecord): PolicyName {
  return { namespace, certificateAuthority, policy: name };
}

/** The text for an expected policy if the service has none. */
export const noPolicies = 'no credential policy, because the service has none';

/** The namespace of a credential policy whose settings name no namespace. */
export const defaultNamespace = 'rehearsal';

/** The name of a root CA that exists only because the settings of the cloud imply it. */
const impliedRoot = 'root';

function keyOfCa({ namespace, name }: CaRecord): string {
  return `${namespace}/${name}`;
}

function isChanged({ isImplied, isDeleted, generation, voided }: CaRecord): boolean {
  return isImplied !== true || isDeleted === true || generation > 1 || voided !== undefined;
}
