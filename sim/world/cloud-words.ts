import { defined } from '../../core/defined.ts';
import type { CloudSettings, CredentialPolicy, LinkedHubSettings } from '../../core/cloud/cloud.ts';
import { addDuration } from '../../core/time/duration.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { HubSpec, ScenarioHead } from '../scenario/schema.ts';
import { hubHost } from './hub-host.ts';

/** Converts the keys under `cloud` of a scenario or a lab into the settings of a cloud. */
export function cloudWords(
  cloud: Omit<ScenarioHead['cloud'], 'faults' | 'serverRoots' | 'aliases' | 'strangers'>,
): Omit<CloudSettings, 'clock' | 'random' | 'history' | 'listen' | 'saved' | 'serverRoots'> {
  return {
    idScope: cloud.idScope,
    hubs: cloud.hubs.map(linkedHub),
    allocationPolicy: cloud.allocation,
    fidelity: { ...defaultFidelity, ...(cloud.fidelity as Partial<FidelitySettings>) },
    retryAfterSeconds: cloud.retryAfter,
    assignmentMs: addDuration(0, cloud.assignment),
    issuanceMs: addDuration(0, cloud.issuance),
    credentialPolicies: Object.fromEntries(
      Object.entries(cloud.credentialPolicies).map(([name, policy]) => [name, credentialPolicy(policy)]),
    ),
    quotas: cloud.quotas,
  };
}

function credentialPolicy({
  validityDays,
  namespace,
  certificateAuthority,
}: ScenarioHead['cloud']['credentialPolicies'][string]): CredentialPolicy {
  return { validityDays, ...defined({ namespace, certificateAuthority }) };
}

function linkedHub(spec: HubSpec): LinkedHubSettings {
  if (typeof spec === 'string') return { host: hubHost(spec) };
  const { name, weight, latency, allocation, events } = spec;
  return {
    host: hubHost(name),
    weight,
    applyAllocationPolicy: allocation,
    ...defined({ latencyMs: latency, events }),
  };
}

/**
 * Converts the keys under `cloud` of a scenario into the settings of its cloud. They can include several server roots and other tenants.
 */
export function worldCloudWords({
  serverRoots,
  strangers,
  ...cloud
}: ScenarioHead['cloud']): ReturnType<typeof cloudWords> & Pick<CloudSettings, 'serverRoots' | 'otherTenants'> {
  return {
    ...cloudWords(cloud),
    serverRoots,
    otherTenants: Object.entries(strangers).map(([name, { idScope, hub }]) => ({
      name,
      idScope,
      hubs: [hubHost(hub)],
    })),
  };
}
