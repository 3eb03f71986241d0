import type { Cloud, CloudSettings, TenantSettings } from '../core/cloud/cloud.ts';
import { serviceApi } from './listeners/https/dps/service-api.ts';
import type { HttpApi } from './listeners/https/http-api.ts';
import { ownerPolicy } from './dps/access-policies.ts';
import { ProvisioningService } from './dps/service.ts';
import { Hub } from './hub/hub.ts';

/** Services that other customers run behind the same doors, with hubs of their own. */
interface Tenants {
  readonly services: readonly ProvisioningService[];
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly apis: readonly HttpApi[];
  readonly access: Cloud['otherTenants'];
}

/** Opens the services of other customers. They share time and history with ours, no secret and no chance. */
export function openTenants(settings: CloudSettings): Tenants {
  const opened = (settings.otherTenants ?? []).map((stranger) => ({
    host: `${stranger.name}.azure-devices-provisioning.net`,
    ...openTenant(stranger, settings),
  }));
  return {
    services: opened.map(({ service }) => service),
    hubs: new Map(opened.flatMap(({ hubs }) => [...hubs])),
    apis: opened.map(({ service, host }) => serviceApi(service, settings, host)),
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
  const theirs = {
    clock,
    history,
    fidelity,
    retryAfterSeconds,
    assignmentMs,
    idScope,
    hubs: hosts,
    random: settings.random.fork(`service of ${name}`),
    // What they write into their books is not for our eyes.
    isOtherTenant: true,
  };
  const hubs = new Map(hosts.map((host) => [host, new Hub(host, theirs)]));
  return { service: new ProvisioningService(theirs, hubs), hubs };
}
