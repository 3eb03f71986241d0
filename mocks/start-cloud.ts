import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { Cloud, CloudSettings, ListenSettings } from '../core/cloud/cloud.ts';
import type { CloudOperator } from '../core/cloud/cloud-operator.ts';
import type { FidelitySettings } from '../core/cloud/fidelity.ts';
import { alwaysDurable } from '../core/cloud/durability.ts';
import { defined } from '../core/defined.ts';
import { done, failed } from '../core/result.ts';
import { listenerPorts, type PortByListener } from '../core/wire/listener-ports.ts';
import { hostKindOf, type HostKind } from '../core/wire/tls/host-kind.ts';
import { defaultTlsProfile, type TlsProfileName } from '../core/wire/tls/tls-profiles.ts';
import { linkedHub } from './dps/hubs/linked-hubs.ts';
import { cloudOperator, registryOperator } from './cloud-operator.ts';
import { directAccess } from './direct-access.ts';
import { fleetRules } from './dps/fleet-rules.ts';
import { ProvisioningService } from './dps/service.ts';
import { TappedService } from './dps/faults/tapped-service.ts';
import { ownerPolicy } from './dps/service-access-policies.ts';
import { amqpListener } from './listeners/amqp/amqp.ts';
import { httpsListener } from './listeners/https/https.ts';
import type { Listener, ListenerContext, OpenListener, Services } from './listeners/listener.ts';
import { mqttListener } from './listeners/mqtt/mqtt.ts';
import { Connections } from './listeners/shared/connections.ts';
import { clientTimeoutsOf } from './listeners/shared/client-timeouts.ts';
import { serviceHost } from './listeners/https/dps/own-hosts.ts';
import { ServerRoots, type SavedRoots, type ServerIdentity } from './listeners/shared/server-identity.ts';
import { TlsAcceptor } from './listeners/shared/tls-acceptor.ts';
import { eventHubConnectionStrings } from './event-hub/event-hub-connection-strings.ts';
import { EntraDirectory } from './entra/entra-directory.ts';
import { Hub } from './hub/hub.ts';
import { HubHosts } from './hub/hub-hosts.ts';
import { DeviceRegistry } from './registry/device-registry.ts';
import { loadStores, partsOf, saveStores } from './stores.ts';
import { openTenants } from './tenants.ts';
import type { HandshakeRules } from './tls/handshake-rules.ts';
import { planAfterChange, rootPlan, type RootPlan } from './tls/root-plan.ts';

/** The listeners of a cloud, in the order in which they open. */
export const listeners: readonly Listener[] = [httpsListener, mqttListener, amqpListener];

/**
 * Starts a provisioning service with its hubs, on free loopback ports or at the addresses in `settings.listen`. All keys are
 * new.
 *
 * @param list the listeners to open. Default: all.
 */
export async function startCloud(settings: CloudSettings, list: readonly Listener[] = listeners): Promise<Cloud> {
  const registry = openRegistry(settings);
  const entra = new EntraDirectory(settings.clock, settings.random.fork('entra'), settings.entra);
  const hubs = openHubs(settings, registry, entra);
  const { tap } = settings;
  const service =
    tap === undefined
      ? new ProvisioningService(settings, hubs, registry, entra)
      : new TappedService(settings, hubs, registry, entra, tap);
  const otherTenants = openTenants(settings);
  const allHubs = new HubHosts([...hubs, ...otherTenants.hubs]);
  loadStores(settings, service, hubs);
  const plan = rootPlan(settings.tlsProfile, settings.serverRoots, settings.fidelity.serverKey);
  const roots = await ServerRoots.open(
    savedRoots(settings),
    plan,
    { serverKey: settings.fidelity.serverKey, names: settings.serverNames ?? [] },
    settings.random.fork('server-identity'),
  );
  const clientTimeouts = clientTimeoutsOf(settings);
  const identityOf = (kind: HostKind | undefined): ServerIdentity => settings.serverIdentity ?? roots.identityOf(kind);
  const rules = handshakeRules(settings, allHubs);
  const tls = new TlsAcceptor(rules, clientTimeouts, identityOf, tap);
  const serving: Serving = { roots, rules, usedRoots: usedRoots(roots, plan) };
  const context: ListenerContext = {
    services: servicesOf(service, otherTenants.services),
    hubs: allHubs,
    registry: registryOperator(service, hubs, settings.clock),
    entra,
    serviceApis: [{ service, host: serviceHost }, ...otherTenants.serviceApis],
    tls,
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
    get usedServerRoots() {
      return serving.usedRoots;
    },
    serverRoots: roots.certificates(),
    serviceAccess: { host: serviceHost, policyName: ownerPolicy, key: service.accessPolicies.ownerKey },
    otherTenants: otherTenants.access,
    entra: { tenantId: entra.tenantId, applications: entra.principals },
    operator: { ...cloudOperator(service, hubs, settings.clock), ...tlsOperator(serving, settings.fidelity.serverKey) },
    ...hubSecrets(hubs),
    faults: service.faults,
    updates: service.updates,
    visitHub: visitTo(hubs),
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

function hubSecrets(
  hubs: ReadonlyMap<string, Hub>,
): Pick<Cloud, 'hubAccess' | 'eventHubConnectionStrings' | 'uploadContainers'> {
  return {
    hubAccess: new Map([...hubs].map(([host, hub]) => [host, hub.policies.access('iothubowner')])),
    eventHubConnectionStrings: eventHubConnectionStrings(hubs),
    uploadContainers: new Map([...hubs].map(([host, hub]) => [host, hub.files.readableContainer()])),
  };
}

function visitTo(hubs: ReadonlyMap<string, Hub>): Cloud['visitHub'] {
  return ({ hub, deviceId, certificates, text, from, token }) => {
    const message = { body: Buffer.from(text), properties: new Map<string, string>() };
    return hubs.get(hub)?.visit(deviceId, { certificates, ...defined({ from, token }) }, message) ?? false;
  };
}

function openRegistry(settings: CloudSettings): DeviceRegistry {
  return new DeviceRegistry(settings.credentialPolicies ?? {}, settings.random, {
    hubs: settings.hubs.map(linkedHub).map(({ host }) => host),
    fidelity: settings.fidelity,
    ...defined({ syncMs: settings.credentialSyncMs, issuedValidityMs: settings.issuedValidityMs }),
  });
}

function openHubs(settings: CloudSettings, registry: DeviceRegistry, entra: EntraDirectory): ReadonlyMap<string, Hub> {
  const linked = settings.hubs.map(linkedHub);
  return new HubHosts(
    linked.map(({ host, events, disableDeviceSAS, disableModuleSAS }) => [
      host,
      new Hub(host, { ...settings, events, registry, entraDirectory: entra, disableDeviceSAS, disableModuleSAS }),
    ]),
  );
}

function usedRoots(roots: ServerRoots, { hosts }: RootPlan): readonly Buffer[] {
  const apart = [...hosts.values()].flatMap(({ root }) => roots.certificates().get(root) ?? []);
  return [...new Set([roots.current, ...apart])];
}

/** The parts of a cloud that a change of its TLS affects. */
interface Serving {
  readonly roots: ServerRoots;
  readonly rules: HandshakeRules & { profile: TlsProfileName };
  usedRoots: readonly Buffer[];
}

function tlsOperator(
  serving: Serving,
  serverKey: FidelitySettings['serverKey'],
): Pick<CloudOperator, 'replaceServerRoot' | 'changeTls'> {
  const { roots } = serving;
  return {
    changeTls: async (profile) => {
      const plan = planAfterChange(profile, [...roots.certificates().keys()], roots.currentName, serverKey);
      await roots.follow(plan);
      serving.rules.profile = profile;
      serving.usedRoots = usedRoots(roots, plan);
    },
    replaceServerRoot: async (name, { crossSigned = false } = {}) => {
      const next = await roots.replace(name, crossSigned);
      if (next === undefined) return failed('server-root-not-found', `the cloud has no server root "${name}"`);
      return done;
    },
  };
}

/** Returns the rules for TLS handshakes. A client may name any host of DPS, a hub of the cloud, or a name of the server certificate. */
function handshakeRules(
  { history, fidelity, tlsProfile = defaultTlsProfile, serverNames = [] }: CloudSettings,
  hubs: ReadonlyMap<string, Hub>,
): Serving['rules'] {
  const names = new Set([...serverNames.map((name) => name.toLowerCase()), 'localhost']);
  const isServed = (host: string): boolean => {
    const kind = hostKindOf(host);
    if (kind === undefined) return names.has(host);
    return kind === 'dps' || host.endsWith('.servicebus.windows.net') || hubs.has(host);
  };
  return { history, fidelity, profile: tlsProfile, isServed };
}

function servicesOf(own: ProvisioningService, others: readonly ProvisioningService[]): Services {
  const byScope = new Map(others.map((service) => [service.idScope.toLowerCase(), service]));
  return { own, of: (idScope) => byScope.get(idScope.toLowerCase()) ?? own };
}

const rootsName = 'server roots';

/** Returns the saved roots with all later changes; undefined if no roots are saved. */
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

interface OpenListeners {
  readonly ports: PortByListener;
  /** Ends all connections and closes the ports. */
  close(): Promise<void>;
}

/**
 * Opens listeners on the ports of `listen`. If a port is not available, closes all listeners and rejects with the error of the
 * system (`code`, `address`, `port`).
 */
async function openListeners(
  list: readonly Listener[],
  context: ListenerContext,
  listen: ListenSettings,
): Promise<OpenListeners> {
  const opened: { readonly name: Listener['name']; readonly listener: OpenListener; readonly cut: () => void }[] = [];
  for (const each of list) {
    const listener = await each.open(context);
    opened.push({ name: each.name, listener, cut: context.connections.watch(listener.server, each.name) });
  }
  const webSocketProtocols = opened.flatMap(({ listener }) => listener.inWebSocket ?? []);
  for (const { listener } of opened) listener.acceptWebSockets?.(webSocketProtocols);
  const close = async (): Promise<void> => {
    await Promise.all(
      opened.map(async ({ listener: { server, endSessions }, cut }) => {
        await endSessions?.();
        const closed = new Promise((done) => server.close(done));
        cut();
        await closed;
      }),
    );
  };
  try {
    const ports: Partial<Record<Listener['name'], number>> = {};
    for (const { name, listener } of opened) ports[name] = await listenOn(listener.server, listen.host, listen[name]);
    return {
      ports: ports as PortByListener,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
