import type { Duplex } from 'node:stream';
import { Aedes, type Client, type Subscription } from 'aedes';
import type { History } from '../../../core/history/history.ts';
import { afterRealTime } from '../../../core/time/clock.ts';
import { webSocket } from '../../../core/wire/dps-wire.ts';
import {
  endOnBrokenRule,
  isSubscribed,
  restoreSessions,
  limitGrants,
  readInTurns,
  refuseOtherOpenings,
  watchPackets,
  type PersistentSubscription,
} from './aedes-client.ts';
import { leaveGently, onceGone } from './leave-gently.ts';
import { noProbation } from '../shared/probation.ts';
import { holdWrites } from '../shared/hold-writes.ts';
import type { PacketIds } from './hub/packet-ids.ts';
import type { Listener, ListenerContext, OpenListener, StreamHandler } from '../listener.ts';
import { createTlsServer } from '../shared/create-tls-server.ts';
import type { MqttAnswer, MqttSession } from './mqtt-session.ts';
import { LiveSessions } from './live-sessions.ts';
import { openSession, type Arrival } from './open-session.ts';
import { recordOtherOpening, recordUnreadable } from './refused-connect.ts';

/** The listener for DPS and all hubs over MQTT 3.1.1. */
export const mqttListener: Listener = { name: 'mqtt', open };

async function open(context: ListenerContext): Promise<OpenListener> {
  const { services, hubs, clientTimeouts, durability, settings } = context;
  const { history, fidelity } = settings;
  const sessions = new WeakMap<Client, MqttSession>();
  const live = new LiveSessions();
  /** Clients that got their last answer. */
  const ending = new WeakSet<Client>();
  const arrivals = new WeakMap<Duplex, Arrival>();
  const persistent = new Map<string, readonly PersistentSubscription[]>();
  const packetIds = new Map<string, PacketIds>();
  const parts = { services, hubs, history, fidelity, persistent, packetIds };
  const broker = await Aedes.createBroker({
    connectTimeout: clientTimeouts.openingMs,
    drainTimeout: clientTimeouts.unreadMs,
    preConnect: (client, packet, done) => {
      const session = openSession(client, packet, arrivals.get(client.conn) ?? unknownArrival, parts);
      // If the CONNECT opened no session, the function `authenticate` below refuses the connection.
      if (session !== undefined) {
        sessions.set(client, session);
        packet.clientId = session.clientId;
        watch(client, session);
      }
      done(null, true);
    },
    authenticate: (client, _userName, _password, done) => {
      const code = connackFor(client, sessions.get(client), live);
      if (code === 0) return done(null, true);
      if (code === 'close') return client.conn.destroy();
      leaveGently(client);
      return done(Object.assign(new Refusal(`CONNACK ${code}`), { returnCode: code }), false);
    },
    authorizeSubscribe: (client, subscription, done) => done(null, granted(sessions.get(client), subscription)),
    authorizePublish: (client, packet, done) => {
      const session = client === null ? undefined : sessions.get(client);
      const isOpen = client !== null && session !== undefined && !ending.has(client);
      const taken = isOpen && session.takes(packet.topic, Buffer.from(packet.payload), packet.retain);
      packet.retain = false;
      const end = (): void =>
        done(taken ? null : new Refusal(`a message to ${packet.topic.slice(0, 100)} at QoS ${packet.qos} is rejected`));
      const underWay = session?.underWay?.();
      if (underWay === undefined) end();
      else void underWay.then(end);
    },
    // The listener never forwards a message that a device published, because hubs and DPS are not brokers. This function must drop such a
    // message, because a filter such as `$iothub/twin/#` also matches topics to which devices publish. Messages of the services have no
    // `clientId`.
    authorizeForward: (_client, packet) => ('clientId' in packet ? null : packet),
    // Answers after the PUBACK. If the connection ended before the PUBACK, the Node SDK would wait for ever.
    published: (packet, client, done) => {
      // A message of the broker itself has no client, although the type declares one.
      const session = (client as Client | null) === null ? undefined : sessions.get(client);
      session
        ?.answer(packet.topic, Buffer.from(packet.payload))
        .then((answer) => {
          const isHeard = deliver(answer, client, ending);
          if (!isHeard && typeof answer === 'object') session.unheard(packet.topic, answer.filter);
        })
        .catch(() => client.conn.destroy());
      // Disconnects a client that sends requests but does not read the answers.
      if (session !== undefined && client.conn.writableLength > unreadLimit) client.conn.destroy();
      done();
    },
  });
  restoreSessions(broker, (clientId) => persistent.get(clientId) ?? []);
  observe(broker, { sessions, arrivals, history });
  const handle: StreamHandler = (stream, credentials, probation, transport) => {
    const arrival = { credentials, transport, probation };
    arrivals.set(stream, arrival);
    stream.on('error', () => stream.destroy());
    holdWrites(stream, durability);
    refuseOtherOpenings(readInTurns(broker.handle(stream)), (found) => recordOtherOpening(history, arrival, found));
  };
  return {
    server: createTlsServer('mqtt', handle, context),
    inWebSocket: { subProtocol: webSocket.mqtt, transport: 'mqtt-ws', handle },
    endSessions: () => new Promise((done) => broker.close(done)),
  };
}

interface Observed {
  readonly sessions: WeakMap<Client, MqttSession>;
  readonly arrivals: WeakMap<Duplex, Arrival>;
  readonly history: History;
}

/** Passes the events of the broker to the sessions, and records why the broker ends a connection. */
function observe(broker: Aedes, { sessions, arrivals, history }: Observed): void {
  broker.on('clientReady', (client) => sessions.get(client)?.ready?.());
  broker.on('subscribe', (subscriptions, client) => {
    sessions.get(client)?.subscribed?.(subscriptions.map(({ topic }) => topic));
  });
  broker.on('connectionError', ({ conn }, error) => {
    const arrival = arrivals.get(conn);
    if (arrival !== undefined) recordUnreadable(history, arrival, error);
  });
  broker.on('clientError', (client, error) => {
    // A refusal of a service, an error of the network, which has a code, and the end of the keep-alive are no faults of a packet.
    if (error instanceof Refusal || 'code' in error || error.message === lateForKeepAlive) return;
    sessions.get(client)?.breaks(`an unreadable packet: ${error.message}`);
  });
  broker.on('keepaliveTimeout', (client) => sessions.get(client)?.unresponsive());
}

/** The message of the error of aedes if a client sends nothing within 1.5 times its keep-alive. */
const lateForKeepAlive = 'keep alive timeout';

/** The error by which the listener ends the connection of a client whose request a service refuses. The service records its reason. */
class Refusal extends Error {}

/** Returns the CONNACK code for a CONNECT. An accepted session replaces an older session with the same client ID. */
function connackFor(client: Client, session: MqttSession | undefined, live: LiveSessions): 0 | 3 | 5 | 'close' {
  const code = session?.connect() ?? 5;
  if (code === 0 && session !== undefined) live.add(session, client);
  return code;
}

const unknownArrival: Arrival = { credentials: { certificates: [] }, transport: 'mqtt', probation: noProbation };

/** Passes the packets and the end of a connection to its session. */
function watch(client: Client, session: MqttSession): void {
  limitGrants(client);
  // The watcher that the code adds last runs first. So the session does not see a packet that breaks a rule.
  watchPackets(client, (seen) => {
    if (seen.cmd === 'disconnect') leaveGently(client);
    session.sees?.(seen);
  });
  endOnBrokenRule(client, (rule) => session.breaks(rule));
  onceGone(client, () => session.ended?.());
}

/**
 * Sends an answer to its client, if the client is subscribed to the answer. After the last answer, the client may send nothing more, and
 * the connection ends soon. The short wait is necessary because the Node SDK waits for ever if the listener disconnects the client during
 * an UNSUBSCRIBE. Returns false if the client is not subscribed to an answer.
 */
function deliver(answer: MqttAnswer | undefined, client: Client, ending: WeakSet<Client>): boolean {
  if (answer === undefined) return true;
  if (answer === 'close') {
    client.conn.destroy();
    return true;
  }
  const { topic, payload, filter, isLast } = answer;
  const sent = (): void => {
    if (!isLast) return;
    ending.add(client);
    afterRealTime(lingerMs, () => client.conn.destroy());
  };
  const isHeard = isSubscribed(client, filter);
  if (isHeard) client.publish({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }, sent);
  else sent();
  return isHeard;
}

/** Real milliseconds that a client has to disconnect before the listener disconnects it. */
const lingerMs = 1000;

/** Maximum number of unread bytes. It is more than the 50 messages of 64 KB that may wait for a device at its hub. */
const unreadLimit = 4 * 1024 * 1024;

function granted(session: MqttSession | undefined, subscription: Subscription): Subscription | null {
  return session?.maySubscribe(subscription.topic) === true ? subscription : null;
}
