import type { HubAccess } from '../../core/cloud/cloud.ts';
import { freshKey } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';

/** The rights that a shared access policy of a hub can grant. */
export type HubRight = 'RegistryRead' | 'RegistryWrite' | 'ServiceConnect' | 'DeviceConnect';

/** A shared access policy. It has two keys, so that an operator can replace one key while clients use the other key. */
interface AccessPolicy {
  readonly rights: readonly HubRight[];
  readonly keys: readonly [Buffer, Buffer];
}

/** The shared access policies that every hub has from the start. Each run generates new keys for them. */
export class HubAccessPolicies implements Store {
  readonly #policies = new WatchedMap<AccessPolicy>();
  readonly parts = { policies: this.#policies };

  constructor() {
    for (const [name, rights] of Object.entries(initialPolicies)) {
      this.#policies.set(name, { rights, keys: [freshKey(32), freshKey(32)] });
    }
  }

  save(): Readonly<Record<string, AccessPolicy>> {
    return Object.fromEntries(this.#policies);
  }

  load(saved: Readonly<Record<string, AccessPolicy>>): void {
    this.#policies.clear();
    for (const [name, policy] of Object.entries(saved)) this.#policies.set(name, policy);
  }

  /** Returns the keys of `policyName`. Returns no keys if the policy does not grant `right` or does not exist. */
  keysFor(policyName: string, right: HubRight): readonly Buffer[] {
    const policy = this.#policies.get(policyName);
    return policy?.rights.includes(right) === true ? policy.keys : [];
  }

  /** Returns the keys of `policyName`, regardless of its rights. Returns no keys if the policy does not exist. */
  keysOf(policyName: string): readonly Buffer[] {
    return this.#policies.get(policyName)?.keys ?? [];
  }

  /** Returns the name and the primary key of a policy. */
  access(policyName: keyof typeof initialPolicies): HubAccess {
    return { policyName, key: this.#policies.get(policyName)?.keys[0].toString('base64') ?? '' };
  }
}

const initialPolicies = {
  iothubowner: ['RegistryRead', 'RegistryWrite', 'ServiceConnect', 'DeviceConnect'],
  service: ['ServiceConnect'],
  device: ['DeviceConnect'],
  registryRead: ['RegistryRead'],
  registryReadWrite: ['RegistryRead', 'RegistryWrite'],
} as const satisfies Record<string, readonly HubRight[]>;
