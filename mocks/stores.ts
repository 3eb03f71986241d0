import type { CloudSettings } from '../core/cloud/cloud.ts';
import { loadChange, type CloudSnapshot, type Store, type StorePart } from '../core/cloud/snapshot.ts';
import type { ProvisioningService } from './dps/service.ts';
import type { Hub } from './hub/hub.ts';

/** Returns the stores of a cloud that are saved, by name. To add a store, add a line here. */
function storesOf(service: ProvisioningService, hubs: ReadonlyMap<string, Hub>): ReadonlyMap<string, Store> {
  return new Map<string, Store>([
    ['enrollments', service.enrollments],
    ['registrations', service.registrations],
    ['issuing CAs', service.registry.issuingCas],
    ['device registry', service.registry],
    ['certificate authorities', service.registry.authorities],
    ['credential sync', service.registry.sync],
    ['CA certificates', service.caCertificates],
    ['access policies', service.accessPolicies],
    ...[...hubs].flatMap(([host, hub]): [string, Store][] => [
      [`identities of ${host}`, hub.identities],
      [`twins of ${host}`, hub.twins],
      [`jobs of ${host}`, hub.jobs],
      [`configurations of ${host}`, hub.configurations],
      [`access policies of ${host}`, hub.policies],
      [`authorities of ${host}`, hub],
      [`events of ${host}`, hub.events],
    ]),
  ]);
}

export function saveStores(service: ProvisioningService, hubs: ReadonlyMap<string, Hub>): CloudSnapshot {
  return Object.fromEntries([...storesOf(service, hubs)].map(([name, store]) => [name, store.save()]));
}

/** Returns all parts of all stores. Their names are unique across the stores. */
export function partsOf(service: ProvisioningService, hubs: ReadonlyMap<string, Hub>): ReadonlyMap<string, StorePart> {
  return new Map(
    [...storesOf(service, hubs)].flatMap(([name, { parts }]) =>
      Object.entries(parts).map(([part, entries]) => [`${name}: ${part}`, entries] as const),
    ),
  );
}

/**
 * Loads a snapshot and later changes. If an older version wrote the snapshot, a store can be missing in it; that store
 * stays unchanged. Ignores changes of unknown parts, for example of a partition that the settings no longer contain.
 */
export function loadStores(
  { saved = {}, changes = [] }: Pick<CloudSettings, 'saved' | 'changes'>,
  service: ProvisioningService,
  hubs: ReadonlyMap<string, Hub>,
): void {
  for (const [name, store] of storesOf(service, hubs)) {
    if (Object.hasOwn(saved, name)) store.load(saved[name]);
  }
  const parts = partsOf(service, hubs);
  for (const change of changes) {
    const part = parts.get(change.part);
    if (part !== undefined) loadChange(part, change);
  }
}
