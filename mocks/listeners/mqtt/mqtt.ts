import type { Duplex } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import { Aedes, type Client, type ConnectPacket, type Subscription } from 'aedes';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Transport } from '../../../core/history/events.ts';
import { alwaysDurable } from '../../../core/cloud/durability.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Services } from '../../dps/services.ts';
import { recordUnknownUserName } from '../../dps/wire-rules/broken-rules.ts';
import {
  endOnBrokenRule,
  keepSessions,
  limitGrants,
  readInTurns,
  refuseOtherLevels,
  watchPackets,
  type KeptSubscription,
  type SeenPacket,
} from './aedes-client.ts';
import type { Connections } from '../shared/connections.ts';
import { noProbation, type Probation } from '../shared/probation.ts';
import { holdWrites } from '../shared/hold-writes.ts';
import { keptAlive } from './hub/keep-alive.ts';
import type { PacketIds } from './hub/packet-ids.ts';
import { LiveSessions } from './live-sessions.ts';
import { DpsSession } from './dps/dps-session.ts';
import { HubSession } from './hub/hub-session.ts';
import { parseUserName } from './mqtt-user-name.ts';
import { clientTimeoutsOf } from '../shared/client-timeouts.ts';
import { shownBy, type Shown } from '../shared/client-credentials.ts';
import type { ServerIdentity } from '../shared/server-identity.ts';
import { tlsSettings } from '../shared/tls.ts';
import type { StreamHandler } from '../websocket/websocket.ts';

/** What one connection may do; chosen by the form of its user name. */
export interface MqttSession {
  /** Names the connection among all of the broker: DPS and hub devices share client IDs. */
  readonly clientId: string;
  /** CONNACK return code, MQTT 3.1.1 table 3.1; `close` for none at all. */
  connect(): 0 | 3 | 5 | 'close';
  maySubscribe(topic: string): boolean;
  /** The client has broken a rule of MQTT. Returns whether the connection ends for it. */
  breaks(rule: string): boolean;
  /** Sees every packet of the client before anything is made of it. */
  sees?(packet: SeenPacket): void;
  /** Whether a message is taken. One that is not ends the connection. */
  takes(topic: string, payload: Buffer, isRetained: boolean): boolean;
  /** Answers a message that was taken, once it has been acknowledged. */
  answer(topic: string, payload: Buffer, client: Client): Promise<void>;
  /** The CONNACK is out, with what an earlier session had subscribed to. */
  ready?(): void;
  /** The SUBACK is out. */
  subscribed?(topics: readonly string[]): void;
  /** A newer connection has the same client ID: this one is about to be ended. */
  takenOver?(): void;
  /** The connection has ended, one way or another. */
  ended?(): void;
}

export interface MqttListener {
  readonly server: Server;
  /** Serves MQTT on a stream that came another way, such as a WebSocket. */
  readonly handle: StreamHandler;
  close(): Promise<void>;
}

type MqttSettings = Pick<CloudSettings, 'history' | 'fidelity' | 'clientTimeouts' | 'durability'>;

/** DPS and every hub over MQTT 3.1.1 on one TLS listener. */
export async function openMqttListener(
  services: Services,
  hubs: ReadonlyMap<string, Hub>,
  identity: ServerIdentity,
  connections: Connections,
  { history, fidelity, durability = alwaysDurable, ...settings }: MqttSettings,
): Promise<MqttListener> {
  const sessions = new WeakMap<Client, MqttSession>();
  const live = new LiveSessions();
  const arrivals = new WeakMap<Duplex, Arrival>();
  const arrivalOf = (stream: Duplex): Arrival => arrivals.get(stream) ?? nobody;
  const kept = new Map<string, readonly KeptSubscription[]>();
  const packetIds = new Map<string, PacketIds>();
  const parts = { services, hubs, history, fidelity, kept, packetIds, arrivalOf };
  const clientTimeouts = clientTimeoutsOf(settings);
  const broker = await Aedes.createBroker({
    connectTimeout: clientTimeouts.openingMs,
    drainTimeout: clientTimeouts.unreadMs,
    preConnect: (client, packet, done) => done(null, preConnect(client, packet, sessions, parts)),
    authenticate: (client, _userName, _password, done) => {
      const code = letIn(client, sessions.get(client), live);
      if (code === 0) return done(null, true);
      if (code === 'close') return client.conn.destroy();
      return done(Object.assign(new Error(`CONNACK ${code}`), { returnCode: code }), false);
    },
    authorizeSubscribe: (client, subscription, done) => done(null, granted(sessions.get(client), subscription)),
    authorizePublish: (client, packet, done) => {
      const session = client === null ? undefined : sessions.get(client);
      const taken = session !== undefined && session.takes(packet.topic, Buffer.from(packet.payload), packet.retain);
      packet.retain = false;
      done(
        taken ? null : new Error(`a message to ${packet.topic.slice(0, 100)} at QoS ${packet.qos} is not taken here`),
      );
    },
    // Nothing that a device publishes goes to a device: hubs and DPS are no brokers, and a filter such as
    // `$iothub/twin/#` covers what devices say as well as what they are told. What we send has no sender's ID.
    authorizeForward: (_client, packet) => ('clientId' in packet ? null : packet),
    // After the PUBACK and not before: the Node SDK waits for it for ever when an answer ends the connection.
    published: (packet, client, done) => {
      // A broker's own messages have no client, whatever the type says.
      const session = (client as Client | null) === null ? undefined : sessions.get(client);
      session?.answer(packet.topic, Buffer.from(packet.payload), client).catch(() => client.conn.destroy());
      // Whoever asks and never reads is not served for ever.
      if (session !== undefined && client.conn.writableLength > unreadLimit) client.conn.destroy();
      done();
    },
  });
  keepSessions(broker, (clientId) => kept.get(clientId) ?? []);
  broker.on('clientReady', (client) => sessions.get(client)?.ready?.());
  broker.on('subscribe', (subscriptions, client) => {
    sessions.get(client)?.subscribed?.(subscriptions.map(({ topic }) => topic));
  });
  const handle: StreamHandler = (stream, shown, probation, door) => {
    arrivals.set(stream, { shown, door, probation });
    stream.on('error', () => stream.destroy());
    holdWrites(stream, durability);
    refuseOtherLevels(readInTurns(broker.handle(stream)));
  };
  const server = createServer(tlsSettings(identity, clientTimeouts), (socket) => {
    // Packets are small and answered one by one: held back, each would wait for the other side's delayed ACK.
    socket.setNoDelay(true);
    handle(socket, shownBy(socket), connections.of(socket), 'mqtt');
  });
  // Node leaves a socket whose handshake failed or took too long to whoever listens.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const cutConnections = connections.watch(server, 'mqtt');
  return {
    server,
    handle,
    close: async () => {
      await new Promise<void>((done) => broker.close(done));
      const closed = new Promise((done) => server.close(done));
      cutConnections();
      await closed;
    },
  };
}

/** What a CONNECT is answered with. A session that is let in takes the place of an older one of its client ID. */
function letIn(client: Client, session: MqttSession | undefined, live: LiveSessions): 0 | 3 | 5 | 'close' {
  const code = session?.connect() ?? 5;
  if (code === 0 && session !== undefined) live.add(session, client);
  return code;
}

/** How a connection came in, and what it told. */
interface Arrival {
  readonly shown: Shown;
  readonly door: Transport;
  readonly probation: Probation;
}

const nobody: Arrival = { shown: { certificates: [] }, door: 'mqtt', probation: noProbation };

interface Parts {
  readonly services: Services;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly kept: Map<string, readonly KeptSubscription[]>;
  readonly packetIds: Map<string, PacketIds>;
  readonly arrivalOf: (stream: Duplex) => Arrival;
}

/** Opens a session by the form of the user name; without one, authentication refuses the connection. */
function preConnect(client: Client, packet: ConnectPacket, sessions: WeakMap<Client, MqttSession>, parts: Parts): true {
  const session = openSession(client, packet, parts);
  if (session !== undefined) {
    limitGrants(client);
    // Listeners run in the opposite order: a packet that breaks a rule is not seen.
    watchPackets(client, (seen) => session.sees?.(seen));
    endOnBrokenRule(client, (rule) => session.breaks(rule));
    client.conn.once('close', () => session.ended?.());
    sessions.set(client, session);
    packet.clientId = session.clientId;
  }
  return true;
}

function openSession(client: Client, packet: ConnectPacket, parts: Parts): MqttSession | undefined {
  const { services, hubs, history, fidelity, kept, packetIds, arrivalOf } = parts;
  const user = parseUserName(packet.username ?? '');
  const { shown, door, probation } = arrivalOf(client.conn);
  const token = packet.password?.toString();
  const credentials = token === undefined || token === '' ? shown : { ...shown, token };
  const givenClientId = packet.clientId;
  // DPS takes no last will, and a hub makes telemetry of one: neither leaves it to the broker.
  const { will } = packet;
  delete packet.will;
  switch (user?.kind) {
    case 'dps':
      packet.clean = true;
      return new DpsSession(user, givenClientId, credentials, services.of(user.idScope), {
        history,
        fidelity,
        door,
        probation,
      });
    case 'hub': {
      packet.keepalive = keptAlive(packet.keepalive ?? 0);
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
        door,
        probation,
        fidelity,
        kept,
        packetIds,
      });
    }
    case undefined: {
      const registrationId = givenClientId.slice(0, 128) || 'unknown';
      recordUnknownUserName({ history, registrationId, from: shown.from }, packet.username);
      return undefined;
    }
  }
}

/** Octets: all that may wait for a device at its hub, 50 messages of 64 KB, and more. */
const unreadLimit = 4 * 1024 * 1024;

function granted(session: MqttSession | undefined, subscription: Subscription): Subscription | null {
  return session?.maySubscribe(subscription.topic) === true ? subscription : null;
}
