import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { defined } from '../core/defined.ts';
import type { Clock } from '../core/time/clock.ts';
import type { Cloud, CloudOperator, CloudSettings, ListenSettings, ProvisionedDevice } from '../core/cloud/cloud.ts';
import { linkedHub } from './dps/hubs/linked-hubs.ts';
import { webSocket } from '../core/wire/dps-wire.ts';
import { freshKey } from '../core/random.ts';
import { registrationKey } from '../core/wire/registration-id.ts';
import { openAmqpListener } from './listeners/amqp/amqp.ts';
import { problems } from '../core/wire/problems.ts';
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
  const strangers = openTenants(settings);
  const services = new Services(service, strangers.services);
  const allHubs = new Map([...hubs, ...strangers.hubs]);
  loadStores(settings, service, hubs);
  const roots = await ServerRoots.open(
    savedRoots(settings),
    settings.serverRoots,
    { serverKey: settings.fidelity.serverKey, names: settings.serverNames ?? [] },
    settings.random.fork('server-identity'),
  );
  const { identity } = roots;
  const devices = deviceApi(services);
  const patience = clientTimeoutsOf(settings);
  const connections = new Connections({ ...settings, admissionMs: patience.admissionMs });
  const https = openHttpsListener(
    [blobApi(allHubs), hubApi(allHubs, settings.history), serviceApi(service, settings), ...strangers.apis, devices],
    (problem) => unreadable(service, problem),
    identity,
    { ...settings, patience, connections },
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
    serviceAccess: {
      host: serviceHost,
      policyName: ownerPolicy,
      key: service.accessPolicies.ownerKey,
    },
    strangers: strangers.access,
    operator: {
      ...operatorOf(service),
      ...hubOperatorOf(hubs, settings.clock),
      replaceServerRoot: async (name, { crossSigned = false } = {}) => {
        const next = await roots.replace(name, crossSigned);
        // Connections that are open keep the keys that they were opened with.
        if (next !== undefined)
          for (const server of [https, mqtt.server, amqp.server]) server.setSecureContext(tlsSettings(next, patience));
        return next !== undefined;
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

function operatorOf(service: ProvisioningService): Omit<CloudOperator, keyof HubOperator | 'replaceServerRoot'> {
  const { enrollments, caCertificates, accessPolicies } = service;
  return {
    putEnrollment: (enrollment) => enrollments.put(enrollment)?.message,
    putEnrollmentGroup: (group) => enrollments.putGroup(group)?.message,
    enrollment: (registrationId) => enrollments.find(registrationId),
    enrollmentGroup: (enrollmentGroupId) => enrollments.findGroup(enrollmentGroupId),
    enrollments: () => enrollments.individuals(),
    enrollmentGroups: () => enrollments.groups(),
    deleteEnrollment: (registrationId) => enrollments.delete(registrationId),
    deleteEnrollmentGroup: (enrollmentGroupId) => enrollments.deleteGroup(enrollmentGroupId),
    provisioned: () => provisionedBy(service),
    putAccessPolicy: (name, rights) => accessPolicies.put(name, rights),
    deleteAccessPolicy: (name) => accessPolicies.delete(name),
    uploadCaCertificate: (name, certificate, isVerified) =>
      service.decide(`certificate ${name}`, 'upload', (trace) =>
        caCertificates.upload(name, certificate, isVerified, trace),
      )?.message,
    verificationCode: (name) => caCertificates.makeCode(name)?.code?.text,
    verifyCaCertificate: (name, proof) =>
      service.decide(`certificate ${name}`, 'proof of possession', (trace) => {
        const held = caCertificates.find(name);
        if (!trace.check('resource-found', held !== undefined, name, held === undefined ? 'none' : 'one') || !held) {
          return problems.certificateNotFound;
        }
        return caCertificates.verify(held, proof, trace);
      })?.message,
    deleteCaCertificate: (name) => caCertificates.delete(name),
    setHubLink: (host, link) => service.linkedHubs.setLink(host, link),
  };
}

function provisionedBy({ enrollments, registrations }: ProvisioningService): readonly ProvisionedDevice[] {
  const devices = new Map<string, ProvisionedDevice>();
  for (const { registrationId } of enrollments.individuals()) {
    devices.set(registrationKey(registrationId), { registrationId });
  }
  for (const { registrationId, enrollmentGroupId } of registrations.list()) {
    const key = registrationKey(registrationId);
    if (devices.has(key)) continue;
    devices.set(key, { registrationId, ...defined({ enrollmentGroupId }) });
  }
  return [...devices.values()];
}

type HubOperator = Pick<
  CloudOperator,
  | 'setHubIdentityStatus'
  | 'rollHubKey'
  | 'hubPolicyKey'
  | 'putHubAuthority'
  | 'sendToDevice'
  | 'consumerGroups'
  | 'addConsumerGroup'
  | 'removeConsumerGroup'
  | 'hubAuthorities'
  | 'deleteHubAuthority'
>;

function hubOperatorOf(hubs: ReadonlyMap<string, Hub>, clock: Clock): HubOperator {
  return {
    setHubIdentityStatus: (host, deviceId, status) => {
      const identities = hubs.get(host)?.identities;
      const identity = identities?.find(deviceId);
      if (identities === undefined || identity === undefined) return false;
      identities.put({ ...identity, status });
      return true;
    },
    rollHubKey: (host, deviceId, slot) => {
      const identities = hubs.get(host)?.identities;
      const identity = identities?.find(deviceId);
      if (identities === undefined || identity?.authentication.type !== 'sas') return false;
      identities.put({ ...identity, authentication: { ...identity.authentication, [`${slot}Key`]: freshKey(32) } });
      return true;
    },
    hubPolicyKey: (host, policyName) => hubs.get(host)?.policies.keysOf(policyName)[0],
    hubAuthorities: (host) => hubs.get(host)?.authorities(),
    deleteHubAuthority: (host, thumbprint) => hubs.get(host)?.deleteAuthority(thumbprint) === true,
    putHubAuthority: (host, certificate) => {
      hubs.get(host)?.putAuthority(certificate);
      return hubs.has(host);
    },
    consumerGroups: (host) => hubs.get(host)?.events.consumerGroups(),
    addConsumerGroup: (host, name) => hubs.get(host)?.events.addConsumerGroup(name) === true,
    removeConsumerGroup: (host, name) => hubs.get(host)?.events.removeConsumerGroup(name) === true,
    sendToDevice: (host, deviceId, { body, messageId, properties = {}, timeToLiveMs, ack }) => {
      const expiresAt = timeToLiveMs === undefined ? undefined : clock.now() + timeToLiveMs;
      const message = { body, messageId, expiresAt, ack, properties: new Map(Object.entries(properties)) };
      const hub = hubs.get(host);
      return hub === undefined ? `${host} is no hub of this service` : hub.send(deviceId, message)?.message;
    },
  };
}
