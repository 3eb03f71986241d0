import type { EventEmitter } from 'node:events';
import type { Aedes, Client } from 'aedes';
import { protocolLevel } from '../shared/protocol-level.ts';
import { FairReads } from '../turns/fair-reads.ts';
import { MqttPortions } from '../turns/mqtt-portions.ts';

/**
 * Members of an aedes client that the types of aedes do not declare. The version of aedes is pinned, and the tests of the
 * listener use these members.
 */
interface Internals {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number } | undefined>>;
  readonly _parser: EventEmitter & { parse: (octets: Buffer) => number };
  _parsingBatch: number;
  /**
   * aedes calls this function after each packet. aedes reads the property each time, so another function can replace
   * it.
   */
  _nextBatch: (error?: Error | null) => void;
  resume: () => void;
}

/** Returns true if the client is subscribed to exactly this filter. */
export function isSubscribed(client: Client, filter: string): boolean {
  return grantedQos(client, filter) !== undefined;
}

/** Returns the granted QoS of exactly this filter; undefined if the client has no such subscription. */
export function grantedQos(client: Client, filter: string): number | undefined {
  return (client as unknown as Internals).subscriptions[filter]?.qos;
}

/** Returns the granted subscriptions of the client. */
export function subscriptionsOf(client: Client): readonly PersistentSubscription[] {
  const { subscriptions } = client as unknown as Internals;
  return Object.entries(subscriptions).flatMap(([topic, held]) =>
    held === undefined ? [] : [{ topic, qos: held.qos }],
  );
}

/** The fields of a packet of a client that the listener reads. */
export type SeenPacket =
  | { cmd: 'subscribe'; readonly messageId: number; readonly subscriptions: { topic: string; qos: number }[] }
  | { cmd: 'unsubscribe'; readonly messageId: number; readonly unsubscriptions: readonly string[] }
  | { cmd: 'publish'; readonly messageId?: number; readonly topic: string; readonly qos: number }
  | { cmd: 'puback'; readonly messageId: number }
  | { cmd: 'connect' | 'disconnect' | 'pingreq' | 'reserved' | ServerPacket };

/** The packets that only a server sends. */
type ServerPacket = (typeof serverPackets)[number];
const serverPackets = ['connack', 'suback', 'unsuback', 'pingresp'] as const;

/** Calls `see` with every packet of the client before aedes reads it. */
export function watchPackets(client: Client, see: (packet: SeenPacket) => void): void {
  (client as unknown as Internals)._parser.prependListener('packet', see);
}

/**
 * Ends the connection if a packet breaks a rule of MQTT that aedes does not check [MQTT-4.8.0-1]. Instead of this packet, aedes then gets a
 * packet of an unknown kind, which aedes ignores.
 *
 * @param breaks function that handles the broken rule, and returns true if the connection ends.
 */
export function endOnBrokenRule(client: Client, breaks: (rule: string) => boolean): void {
  watchPackets(client, (packet) => {
    const rule = brokenRule(packet);
    if (rule !== undefined && breaks(rule)) packet.cmd = 'reserved';
  });
}

function brokenRule(packet: SeenPacket): string | undefined {
  const isNumbered =
    packet.cmd === 'subscribe' || packet.cmd === 'unsubscribe' || (packet.cmd === 'publish' && packet.qos > 0);
  if (isNumbered && packet.messageId === 0) return `a ${packet.cmd.toUpperCase()} with packet ID 0 [MQTT-2.3.1-1]`;
  if (packet.cmd === 'connect') return 'a second CONNECT [MQTT-3.1.0-2]';
  if (serverPackets.some((cmd) => cmd === packet.cmd))
    return `a ${packet.cmd.toUpperCase()}, which only a server sends`;
  if (packet.cmd !== 'publish') return undefined;
  if (packet.topic.includes('\0')) return 'a PUBLISH to a topic with the character U+0000 [MQTT-1.5.3-2]';
  if (packet.qos === 2) return 'a PUBLISH at QoS 2';
  return /[#+]/.test(packet.topic) ? 'a PUBLISH to a topic with a wildcard [MQTT-3.3.2-2]' : undefined;
}

/**
 * Replaces the reading of aedes, so that the listener serves all clients in fair turns. aedes would handle all
 * available packets at once, and would read more at each `readable` event, regardless of the number of unhandled
 * packets. This function reads the next portion only after the listener has handled and answered all packets of the
 * last portion. Returns the client.
 */
export function readInTurns(client: Client): Client {
  const internals = client as unknown as Internals;
  const { conn } = client;
  const { _parser: parser } = internals;
  conn.removeListener('readable', internals._nextBatch);
  const portions = new MqttPortions(packetsPerTurn);
  let unhandled = 0;
  parser.prependListener('packet', () => unhandled++);
  const reads = new FairReads(conn, (bytes) => {
    const used = portions.next(bytes);
    parser.parse(bytes.subarray(0, used));
    if (unhandled > 0) reads.hold();
    return used;
  });
  internals._nextBatch = (error) => {
    if (error) {
      client.emit('error', error);
      return;
    }
    unhandled = Math.max(0, unhandled - 1);
    if (unhandled === 0) reads.release();
  };
  // This count is the number of unhandled packets. If it is 0, aedes takes the next packet for the first packet of the
  // connection.
  internals._parsingBatch = 0;
  // aedes pauses reading while it handles CONNECT. This function reads instead of aedes, so the `resume` of aedes must
  // do nothing.
  internals.resume = () => {};
  return client;
}

/**
 * Maximum number of packets of one connection whose handling starts in one turn of the event loop: about a millisecond of work.
 */
const packetsPerTurn = 16;

/**
 * If the protocol level of a CONNECT is not that of MQTT 3.1.1, answers with CONNACK 1, whatever the rest of the packet
 * is.
 *
 * A client of another protocol, such as HTTP or AMQP, begins with text. Its connection ends without an answer.
 *
 * @param onRefused receives the refused level, or the text of a client of another protocol.
 */
export function refuseOtherOpenings(client: Client, onRefused: (found: number | string) => void): void {
  const { _parser: parser } = client as unknown as Internals;
  const parse = parser.parse.bind(parser);
  let opening = Buffer.alloc(0);
  parser.parse = (octets) => {
    opening = Buffer.concat([opening, octets]);
    const level = protocolLevel(opening);
    if (level === 'more') return 0;
    const [text] = /^[ -~]{4,40}/.exec(opening.toString('latin1', 0, 40)) ?? [];
    if (level === 'none' && text !== undefined) {
      parser.parse = () => 0;
      onRefused(text);
      client.conn.end();
      return 0;
    }
    if (level === 'none' || level === 4) {
      parser.parse = parse;
      return parse(opening);
    }
    parser.parse = () => 0;
    onRefused(level);
    client.conn.end(Buffer.from([0x20, 0x02, 0x00, 0x01]));
    return 0;
  };
}

/**
 * Lowers the QoS of every subscription to 1, the maximum of DPS and hub. This must happen before aedes reads the packet,
 * because aedes sends the requested QoS in the SUBACK even if `authorizeSubscribe` changes it.
 */
export function limitGrants(client: Client): void {
  watchPackets(client, (packet) => {
    if (packet.cmd !== 'subscribe') return;
    for (const subscription of packet.subscriptions) subscription.qos = Math.min(subscription.qos, 1);
  });
}

/** A subscription of a session that outlives its connection. */
export interface PersistentSubscription {
  readonly topic: string;
  readonly qos: number;
}

/**
 * Restores the subscriptions of persistent sessions from `kept`. Does not use the store of aedes, because this store
 * would also restore refused subscriptions.
 */
export function restoreSessions(
  broker: Aedes,
  persistent: (clientId: string) => readonly PersistentSubscription[],
): void {
  const { persistence } = broker as unknown as { readonly persistence: Persistence };
  persistence.subscriptionsByClient = async ({ id }) => persistent(id).map((each) => ({ ...each }));
  persistence.addSubscriptions = async () => {};
  persistence.removeSubscriptions = async () => {};
}

interface Persistence {
  subscriptionsByClient(client: { readonly id: string }): Promise<object[]>;
  addSubscriptions(): Promise<void>;
  removeSubscriptions(): Promise<void>;
}
