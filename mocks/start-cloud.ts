import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { Cloud, CloudSettings, ListenSettings } from '../core/cloud/cloud.ts';
import { done, failed } from '../core/result.ts';
import { linkedHub } from './dps/hubs/linked-hubs.ts';
import { webSocket } from '../core/wire/dps-wire.ts';
import { openAmqpListener } from './listeners/amqp/amqp.ts';
import { hubOperator, serviceOperator } from './cloud-operator.ts';
import { ProvisioningService } from './dps/service.ts';
import { Services } from './dps/services.ts';
import { ownerPolicy } from './dps/access-policies.ts';
import { blobApi } from './listeners/https/blob/blob-api.ts';
import { Connections } from './listeners/shared/connections.ts';
import { deviceApi, unreadable } from './listeners/https/dps/device-api.ts';
import { hubApi } from './listeners/https/hub/hub-api.ts';
import { openHttpsListener } from './listeners/https/https.ts';
import { openMqttListener } from './listeners/mqtt/mqtt.ts';
import { clientTimeoutsOf } from './listeners/shared/client-timeouts.ts';
import { serviceApi, serviceHost } from './listeners/https/dps/service-api.ts';
import { ServerRoots, type SavedRoots } from './listeners/shared/server-identity.ts';
import { tlsSettings } from './listeners/shared/tls.ts';
import { openWebSocketListener } from './listeners/websocket/websocket.ts';
import { eventHubConnectionStrings } from './event-hub/event-hub-connection-strings.ts';
import { Hub } from './hub/hub.ts';
import { loadStores, partsOf, saveStores } from './stores.ts';
import { openTenants } from './tenants.ts';

/** Starts a provisioning service with its hubs on free loopback ports or where it is told to, with keys of its own. */
export async function startCloud(settings: CloudSettings): Promise<Cloud> {
  const hubs = openHubs(settings);
  const service = new ProvisioningService(settings, hubs);
  const otherTenants = openTenants(settings);
  const services = new Services(service, otherTenants.services);
  const allHubs = new Map([...hubs, ...otherTenants.hubs]);
  loadStores(settings, service, hubs);
  const roots = await ServerRoots.open(
    savedRoots(settings),
    settings.serverRoots,
    { serverKey: settings.fidelity.serverKey, names: settings.serverNames ?? [] },
    settings.random.fork('server-identity'),
  );
  const { identity } = roots;
  const devices = deviceApi(services);
  const clientTimeouts = clientTimeoutsOf(settings);
  const connections = new Connections({ ...settings, admissionMs: clientTimeouts.admissionMs });
  const https = openHttpsListener(
    [blobApi(allHubs), hubApi(allHubs, settings.history), serviceApi(service, settings), ...otherTenants.apis, devices],
    (problem) => unreadable(service, problem),
    identity,
    { ...settings, clientTimeouts, connections },
  );

  const cutHttps = connections.watch(https, 'https');
  const mqtt = await openMqttListener(services, allHubs, identity, connections, settings);
  const amqp = openAmqpListener(services, allHubs, identity, connections, settings);
  openWebSocketListener(https, connections, {
    [webSocket.mqtt]: { door: 'mqtt-ws', handle: mqtt.handle },
    [webSocket.amqp.toLowerCase()]: { door: 'amqp-ws', handle: amqp.handle },
  });
  const close = async (): Promise<void> => {
    const closed = new Promise((done) => https.close(done));
    cutHttps();
    await Promise.all([closed, mqtt.close(), amqp.close()]);
    for (const { files } of allHubs.values()) await files.blobs.close();
  };
  const servers = { https, mqtt: mqtt.server, amqp: amqp.server };
  return {
    idScope: settings.idScope,
    ports: await listenAll(servers, settings.listen ?? loopback).catch(async (error: unknown) => {
      await close();
      throw error;
    }),
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
        // An open connection keeps the keys with which it was opened.
        for (const server of Object.values(servers)) server.setSecureContext(tlsSettings(next, clientTimeouts));
        return done;
      },
    },
    hubAccess: new Map([...hubs].map(([host, hub]) => [host, hub.policies.access('iothubowner')])),
    eventHubConnectionStrings: eventHubConnectionStrings(hubs),
    uploadContainers: new Map([...hubs].map(([host, hub]) => [host, hub.files.readableContainer()])),
    faults: service.faults,
    parts: new Map([...partsOf(service, hubs), [rootsName, roots]]),
    snapshot: () => ({ ...saveStores(service, hubs), [rootsName]: roots.save() }),
    close,
  };
}

function openHubs(settings: CloudSettings): ReadonlyMap<string, Hub> {
  const linked = settings.hubs.map(linkedHub);
  return new Map(linked.map(({ host, events }) => [host, new Hub(host, { ...settings, events })]));
}

const rootsName = 'server roots';

/** The roots after the last change of them. */
function savedRoots({ saved, changes = [] }: Pick<CloudSettings, 'saved' | 'changes'>): SavedRoots | undefined {
  const last = changes.findLast(({ part }) => part === rootsName)?.value ?? saved?.[rootsName];
  return last as SavedRoots | undefined;
}

/** This is a test double with throw-away keys: nobody else reaches it unless somebody says so. */
const loopback: ListenSettings = { host: '127.0.0.1', https: 0, mqtt: 0, amqp: 0 };

async function listenAll(
  servers: Readonly<Record<keyof Cloud['ports'], Server>>,
  listen: ListenSettings,
): Promise<Cloud['ports']> {
  return {
    https: await listenOn(servers.https, listen.host, listen.https),
    mqtt: await listenOn(servers.mqtt, listen.host, listen.mqtt),
    amqp: await listenOn(servers.amqp, listen.host, listen.amqp),
  };
}

/** Rejects with the error of the system (`code`, `address`, `port`) where the port cannot be had. */
async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
