import type { Cloud, CloudSettings, TenantSettings } from '../core/cloud/cloud.ts';
import { ownerPolicy } from './dps/service-access-policies.ts';
import { ProvisioningService } from './dps/service.ts';
import { Hub } from './hub/hub.ts';
import { DeviceRegistry } from './registry/device-registry.ts';

/** The other tenants: customers whose services and hubs use the same listeners as the lab. */
interface Tenants {
  readonly services: readonly ProvisioningService[];
  readonly hubs: ReadonlyMap<string, Hub>;
  /** The service API of each tenant, with its host name. */
  readonly serviceApis: readonly { readonly service: ProvisioningService; readonly host: string }[];
  readonly access: Cloud['otherTenants'];
}

/**
 * Creates the services of other tenants. These services share clock and history with the service of the lab, but no
 * secrets and no random source.
 */
export function openTenants(settings: CloudSettings): Tenants {
  const opened = (settings.otherTenants ?? []).map((tenant) => ({
    host: `${tenant.name}.azure-devices-provisioning.net`,
    ...openTenant(tenant, settings),
  }));
  return {
    services: opened.map(({ service }) => service),
    hubs: new Map(opened.flatMap(({ hubs }) => [...hubs])),
    serviceApis: opened.map(({ service, host }) => ({ service, host })),
    access: new Map(
      opened.map(({ service: { idScope, accessPolicies }, host }) => [
        idScope,
        { host, policyName: ownerPolicy, key: accessPolicies.ownerKey },
      ]),
    ),
  };
}

function openTenant({ idScope, name, hubs: hosts }: TenantSettings, settings: CloudSettings) {
  const { clock, history, fidelity, retryAfterSeconds, assignmentMs } = settings;
  const tenantSettings = {
    clock,
    history,
    fidelity,
    retryAfterSeconds,
    assignmentMs,
    idScope,
    hubs: hosts,
    random: settings.random.fork(`service of ${name}`),
    // The operator of the lab cannot read the logs of other tenants, so the history does not record them.
    isOtherTenant: true,
  };
  const registry = new DeviceRegistry({}, tenantSettings.random);
  const hubs = new Map(hosts.map((host) => [host, new Hub(host, { ...tenantSettings, registry })]));
  return { service: new ProvisioningService(tenantSettings, hubs, registry), hubs };
}
