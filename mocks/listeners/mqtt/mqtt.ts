import type { Duplex } from 'node:stream';
import { Aedes, type Client, type ConnectPacket, type Subscription } from 'aedes';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Transport } from '../../../core/history/events.ts';
import { webSocket } from '../../../core/wire/dps-wire.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Services } from '../listener.ts';
import { recordUnknownUserName } from '../../dps/wire-rules/broken-rules.ts';
import {
  endOnBrokenRule,
  restoreSessions,
  limitGrants,
  readInTurns,
  refuseOtherLevels,
  watchPackets,
  type PersistentSubscription,
} from './aedes-client.ts';
import { leaveGently, onceGone } from './leave-gently.ts';
import { noProbation, type Probation } from '../shared/probation.ts';
import { holdWrites } from '../shared/hold-writes.ts';
import { brokerKeepAlive } from './hub/keep-alive.ts';
import type { PacketIds } from './hub/packet-ids.ts';
import type { Listener, ListenerContext, OpenListener, StreamHandler } from '../listener.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';
import { createTlsServer } from '../shared/create-tls-server.ts';
import type { MqttSession } from './mqtt-session.ts';
import { LiveSessions } from './live-sessions.ts';
import { DpsSession } from './dps/dps-session.ts';
import { HubSession } from './hub/hub-session.ts';
import { parseUserName } from './mqtt-user-name.ts';

/** The listener for DPS and all hubs over MQTT 3.1.1. */
export const mqttListener: Listener = { name: 'mqtt', open };

async function open(context: ListenerContext): Promise<OpenListener> {
  const { services, hubs, clientTimeouts, durability, settings } = context;
  const { history, fidelity } = settings;
  const sessions = new WeakMap<Client, MqttSession>();
  const live = new LiveSessions();
  const arrivals = new WeakMap<Duplex, Arrival>();
  const arrivalOf = (stream: Duplex): Arrival => arrivals.get(stream) ?? unknownArrival;
  const persistent = new Map<string, readonly PersistentSubscription[]>();
  const packetIds = new Map<string, PacketIds>();
  const parts = { services, hubs, history, fidelity, persistent, packetIds, arrivalOf };
  const broker = await Aedes.createBroker({
    connectTimeout: clientTimeouts.openingMs,
    drainTimeout: clientTimeouts.unreadMs,
    preConnect: (client, packet, done) => done(null, preConnect(client, packet, sessions, parts)),
    authenticate: (client, _userName, _password, done) => {
      const code = connackFor(client, sessions.get(client), live);
      if (code === 0) return done(null, true);
      if (code === 'close') return client.conn.destroy();
      leaveGently(client);
      return done(Object.assign(new Error(`CONNACK ${code}`), { returnCode: code }), false);
    },
    authorizeSubscribe: (client, subscription, done) => done(null, granted(sessions.get(client), subscription)),
    authorizePublish: (client, packet, done) => {
      const session = client === null ? undefined : sessions.get(client);
      const taken = session !== undefined && session.takes(packet.topic, Buffer.from(packet.payload), packet.retain);
      packet.retain = false;
      const end = (): void =>
        done(taken ? null : new Error(`a message to ${packet.topic.slice(0, 100)} at QoS ${packet.qos} is rejected`));
      const underWay = session?.underWay?.();
      if (underWay === undefined) end();
      else void underWay.then(end);
    },
    // A message that a device published is never forwarded to a device, because hubs and DPS are not brokers. This must be
    // checked here: a filter such as `$iothub/twin/#` also matches topics to which devices publish. Messages of the services
    // have no `clientId`.
    authorizeForward: (_client, packet) => ('clientId' in packet ? null : packet),
    // Answers after the PUBACK. If the connection ended before the PUBACK, the Node SDK would wait for ever.
    published: (packet, client, done) => {
      // A message of the broker itself has no client, although the type declares one.
      const session = (client as Client | null) === null ? undefined : sessions.get(client);
      session?.answer(packet.topic, Buffer.from(packet.payload), client).catch(() => client.conn.destroy());
      // Disconnects a client that sends requests but does not read the answers.
      if (session !== undefined && client.conn.writableLength > unreadLimit) client.conn.destroy();
      done();
    },
  });
  restoreSessions(broker, (clientId) => persistent.get(clientId) ?? []);
  broker.on('clientReady', (client) => sessions.get(client)?.ready?.());
  broker.on('subscribe', (subscriptions, client) => {
    sessions.get(client)?.subscribed?.(subscriptions.map(({ topic }) => topic));
  });
  const handle: StreamHandler = (stream, credentials, probation, transport) => {
    arrivals.set(stream, { credentials, transport, probation });
    stream.on('error', () => stream.destroy());
    holdWrites(stream, durability);
    refuseOtherLevels(readInTurns(broker.handle(stream)));
  };
  return {
    server: createTlsServer('mqtt', handle, context),
    inWebSocket: { subProtocol: webSocket.mqtt, transport: 'mqtt-ws', handle },
    endSessions: () => new Promise((done) => broker.close(done)),
  };
}

/** Returns the CONNACK code for a CONNECT. If the session is accepted, it replaces an older session with the same client ID. */
function connackFor(client: Client, session: MqttSession | undefined, live: LiveSessions): 0 | 3 | 5 | 'close' {
  const code = session?.connect() ?? 5;
  if (code === 0 && session !== undefined) live.add(session, client);
  return code;
}

/** A connection before its CONNECT. */
interface Arrival {
  readonly credentials: ConnectionCredentials;
  readonly transport: Transport;
  readonly probation: Probation;
}

const unknownArrival: Arrival = { credentials: { certificates: [] }, transport: 'mqtt', probation: noProbation };

interface Parts {
  readonly services: Services;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly persistent: Map<string, readonly PersistentSubscription[]>;
  readonly packetIds: Map<string, PacketIds>;
  readonly arrivalOf: (stream: Duplex) => Arrival;
}

/**
 * Creates the session that fits the form of the user name. If the form is unknown, creates none, and authentication refuses the
 * connection.
 */
function preConnect(client: Client, packet: ConnectPacket, sessions: WeakMap<Client, MqttSession>, parts: Parts): true {
  const session = openSession(client, packet, parts);
  if (session !== undefined) {
    limitGrants(client);
    // The watcher that is added last runs first. So the session does not see a packet that breaks a rule.
    watchPackets(client, (seen) => {
      if (seen.cmd === 'disconnect') leaveGently(client);
      session.sees?.(seen);
    });
    endOnBrokenRule(client, (rule) => session.breaks(rule));
    onceGone(client, () => session.ended?.());
    sessions.set(client, session);
    packet.clientId = session.clientId;
  }
  return true;
}

function openSession(client: Client, packet: ConnectPacket, parts: Parts): MqttSession | undefined {
  const { services, hubs, history, fidelity, persistent, packetIds, arrivalOf } = parts;
  const user = parseUserName(packet.username ?? '');
  const { credentials: arrived, transport, probation } = arrivalOf(client.conn);
  const token = packet.password?.toString();
  const credentials = token === undefined || token === '' ? arrived : { ...arrived, token };
  const givenClientId = packet.clientId;
  // The last will is removed from the packet, so that the broker does not publish it: DPS does not support it, and a hub
  // converts it to telemetry.
  const { will } = packet;
  delete packet.will;
  switch (user?.kind) {
    case 'dps':
      packet.clean = true;
      return new DpsSession(user, givenClientId, credentials, services.of(user.idScope), {
        history,
        fidelity,
        transport,
        probation,
      });
    case 'hub': {
      packet.keepalive = brokerKeepAlive(packet.keepalive ?? 0);
      const isClean = packet.clean !== false;
      const hub = hubs.get(user.host);
      return new HubSession({
        user,
        givenClientId,
        credentials,
        hub,
        client,
        isClean,
        will,
        history,
        transport,
        probation,
        fidelity,
        persistent,
        packetIds,
      });
    }
    case undefined: {
      const registrationId = givenClientId.slice(0, 128) || 'unknown';
      recordUnknownUserName({ history, registrationId, from: arrived.from }, packet.username);
      return undefined;
    }
  }
}

/** Maximum number of unread bytes. It is more than the 50 messages of 64 KB that may wait for a device at its hub. */
const unreadLimit = 4 * 1024 * 1024;

function granted(session: MqttSession | undefined, subscription: Subscription): Subscription | null {
  return session?.maySubscribe(subscription.topic) === true ? subscription : null;
}
