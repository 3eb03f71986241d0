import type { Cloud, CloudSettings, ListenSettings } from '../core/cloud/cloud.ts';
import { alwaysDurable } from '../core/cloud/durability.ts';
import { defined } from '../core/defined.ts';
import { done, failed } from '../core/result.ts';
import { listenerPorts, type PortByListener } from '../core/wire/listener-ports.ts';
import { linkedHub } from './dps/hubs/linked-hubs.ts';
import { hubOperator, serviceOperator } from './cloud-operator.ts';
import { directAccess } from './direct-access.ts';
import { fleetRules } from './dps/fleet-rules.ts';
import { ProvisioningService } from './dps/service.ts';
import { Services } from './dps/services.ts';
import { ownerPolicy } from './dps/service-access-policies.ts';
import { listeners } from './listeners/index.ts';
import type { Listener, ListenerContext } from './listeners/listener.ts';
import { openListeners } from './listeners/open-listeners.ts';
import { Connections } from './listeners/shared/connections.ts';
import { clientTimeoutsOf } from './listeners/shared/client-timeouts.ts';
import { serviceHost } from './listeners/https/dps/service-api.ts';
import { ServerRoots, type SavedRoots } from './listeners/shared/server-identity.ts';
import { eventHubConnectionStrings } from './event-hub/event-hub-connection-strings.ts';
import { Hub } from './hub/hub.ts';
import { loadStores, partsOf, saveStores } from './stores.ts';
import { openTenants } from './tenants.ts';

/**
 * Starts a provisioning service with its hubs, on free loopback ports or at the addresses in `settings.listen`. All keys are
 * new.
 *
 * @param list the listeners to open. Default: all.
 */
export async function startCloud(settings: CloudSettings, list: readonly Listener[] = listeners): Promise<Cloud> {
  const hubs = openHubs(settings);
  const service = new ProvisioningService(settings, hubs);
  const otherTenants = openTenants(settings);
  const allHubs = new Map([...hubs, ...otherTenants.hubs]);
  loadStores(settings, service, hubs);
  const roots = await ServerRoots.open(
    savedRoots(settings),
    settings.serverRoots,
    { serverKey: settings.fidelity.serverKey, names: settings.serverNames ?? [] },
    settings.random.fork('server-identity'),
  );
  const clientTimeouts = clientTimeoutsOf(settings);
  const context: ListenerContext = {
    services: new Services(service, otherTenants.services),
    hubs: allHubs,
    serviceApis: [{ service, host: serviceHost }, ...otherTenants.serviceApis],
    identity: roots.identity,
    connections: new Connections({ ...settings, admissionMs: clientTimeouts.admissionMs }),
    clientTimeouts,
    durability: settings.durability ?? alwaysDurable,
    settings,
  };
  const closeStorage = async (): Promise<void> => {
    for (const { files } of allHubs.values()) await files.blobs.close();
  };
  const open = await openListeners(list, context, settings.listen ?? loopback).catch(async (error: unknown) => {
    await closeStorage();
    throw error;
  });
  return {
    idScope: settings.idScope,
    ports: open.ports,
    serverRoot: roots.current,
    serverRoots: roots.certificates(),
    serviceAccess: { host: serviceHost, policyName: ownerPolicy, key: service.accessPolicies.ownerKey },
    otherTenants: otherTenants.access,
    operator: {
      ...serviceOperator(service),
      ...hubOperator(hubs, settings.clock),
      replaceServerRoot: async (name, { crossSigned = false } = {}) => {
        const next = await roots.replace(name, crossSigned);
        if (next === undefined) return failed('server-root-not-found', `the cloud has no server root "${name}"`);
        open.replaceIdentity(next);
        return done;
      },
    },
    hubAccess: new Map([...hubs].map(([host, hub]) => [host, hub.policies.access('iothubowner')])),
    eventHubConnectionStrings: eventHubConnectionStrings(hubs),
    uploadContainers: new Map([...hubs].map(([host, hub]) => [host, hub.files.readableContainer()])),
    faults: service.faults,
    visitHub: ({ hub, deviceId, certificates, text, from, token }) =>
      hubs
        .get(hub)
        ?.visit(
          deviceId,
          { certificates, ...defined({ from, token }) },
          { body: Buffer.from(text), properties: new Map() },
        ) ?? false,
    direct: directAccess(service, hubs),
    fleetRules: fleetRules(service, hubs, settings),
    parts: new Map([...partsOf(service, hubs), [rootsName, roots]]),
    snapshot: () => ({ ...saveStores(service, hubs), [rootsName]: roots.save() }),
    close: async () => {
      await open.close();
      await closeStorage();
    },
  };
}

function openHubs(settings: CloudSettings): ReadonlyMap<string, Hub> {
  const linked = settings.hubs.map(linkedHub);
  return new Map(linked.map(({ host, events }) => [host, new Hub(host, { ...settings, events })]));
}

const rootsName = 'server roots';

/** Returns the saved roots with all later changes; undefined if none are saved. */
function savedRoots({ saved, changes = [] }: Pick<CloudSettings, 'saved' | 'changes'>): SavedRoots | undefined {
  const last = changes.findLast(({ part }) => part === rootsName)?.value ?? saved?.[rootsName];
  return last as SavedRoots | undefined;
}

/** The mock is not a secure service, so by default only clients on this computer can reach it. */
const loopback: ListenSettings = { host: '127.0.0.1', ...freePorts() };

/** Returns port 0 for each listener, so that the system chooses free ports. */
function freePorts(): PortByListener {
  return Object.fromEntries(Object.keys(listenerPorts).map((name) => [name, 0])) as PortByListener;
}
