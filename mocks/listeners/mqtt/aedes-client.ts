import type { EventEmitter } from 'node:events';
import type { Aedes, Client } from 'aedes';
import { protocolLevel } from '../shared/protocol-level.ts';
import { FairReads } from '../turns/fair-reads.ts';
import { MqttPortions } from '../turns/mqtt-portions.ts';

/** What aedes keeps of a connection beside its typed interface. The version is pinned; the door's tests watch over it. */
interface Internals {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number } | undefined>>;
  readonly _parser: EventEmitter & { parse: (octets: Buffer) => number };
  _parsingBatch: number;
  /** Called with each packet as soon as it is handled, and read anew for each. */
  _nextBatch: (error?: Error | null) => void;
  resume: () => void;
}

/** Whether the client holds a subscription to exactly this filter. */
export function isSubscribed(client: Client, filter: string): boolean {
  return grantedQos(client, filter) !== undefined;
}

/** The QoS that the client was granted for exactly this filter; undefined where it holds no such subscription. */
export function grantedQos(client: Client, filter: string): number | undefined {
  return (client as unknown as Internals).subscriptions[filter]?.qos;
}

/** The subscriptions that the client was granted. */
export function subscriptionsOf(client: Client): readonly KeptSubscription[] {
  const { subscriptions } = client as unknown as Internals;
  return Object.entries(subscriptions).flatMap(([topic, held]) =>
    held === undefined ? [] : [{ topic, qos: held.qos }],
  );
}

/** What the door reads of a packet from a client. */
export type SeenPacket =
  | { cmd: 'subscribe'; readonly messageId: number; readonly subscriptions: { topic: string; qos: number }[] }
  | { cmd: 'unsubscribe'; readonly messageId: number; readonly unsubscriptions: readonly string[] }
  | { cmd: 'publish'; readonly messageId?: number; readonly topic: string; readonly qos: number }
  | { cmd: 'puback'; readonly messageId: number }
  | { cmd: 'disconnect' | 'pingreq' | 'reserved' };

/** Shows every packet of the client to `see` before aedes reads it. */
export function watchPackets(client: Client, see: (packet: SeenPacket) => void): void {
  (client as unknown as Internals)._parser.prependListener('packet', see);
}

/**
 * Ends the connection where a packet breaks a rule of MQTT that aedes does not know [MQTT-4.8.0-1]. aedes gets a packet of
 * a kind that there is none of, so that nothing is made of it.
 *
 * @param breaks told of the rule; returns whether the connection ends for it.
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
  if (packet.cmd !== 'publish') return undefined;
  if (packet.qos === 2) return 'a PUBLISH at QoS 2';
  return /[#+]/.test(packet.topic) ? 'a PUBLISH to a topic with a wildcard [MQTT-3.3.2-2]' : undefined;
}

/**
 * Reads the client's packets in fair turns, in place of aedes, which handles all that is there at once, and which takes each `readable`
 * of the stream for the end of a packet and so reads on however many it has not handled yet. The next portion waits until every packet of
 * the last one is handled, answers included. Returns the client.
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
  // aedes tells the first packet from those behind it by this count of the packets that it has in work.
  internals._parsingBatch = 0;
  // CONNECT is in work as long as aedes pauses.
  internals.resume = () => {};
  return client;
}

/** The packets of one connection that are begun in one turn of the event loop: about a millisecond of work. */
const packetsPerTurn = 16;

/** Answers a CONNECT of any other protocol level than MQTT 3.1.1 has with CONNACK 1, whatever follows in it. */
export function refuseOtherLevels(client: Client): void {
  const { _parser: parser } = client as unknown as Internals;
  const parse = parser.parse.bind(parser);
  let opening = Buffer.alloc(0);
  parser.parse = (octets) => {
    opening = Buffer.concat([opening, octets]);
    const level = protocolLevel(opening);
    if (level === 'more') return 0;
    if (level === 'none' || level === 4) {
      parser.parse = parse;
      return parse(opening);
    }
    parser.parse = () => 0;
    client.conn.end(Buffer.from([0x20, 0x02, 0x00, 0x01]));
    return 0;
  };
}

/**
 * Lowers every subscription that the client asks for to QoS 1, the most that DPS and hub grant. It has to be done before
 * aedes reads the packet: the SUBACK names what was asked for, whatever `authorizeSubscribe` makes of it.
 */
export function limitGrants(client: Client): void {
  watchPackets(client, (packet) => {
    if (packet.cmd !== 'subscribe') return;
    for (const subscription of packet.subscriptions) subscription.qos = Math.min(subscription.qos, 1);
  });
}

/** A subscription of a session that outlives its connection. */
export interface KeptSubscription {
  readonly topic: string;
  readonly qos: number;
}

/**
 * Lets the door say which subscriptions a session still has that was not asked to be clean, in place of the broker's own
 * memory, which keeps refused subscriptions with the granted ones.
 */
export function keepSessions(broker: Aedes, kept: (clientId: string) => readonly KeptSubscription[]): void {
  const { persistence } = broker as unknown as { readonly persistence: Persistence };
  persistence.subscriptionsByClient = async ({ id }) => kept(id).map((each) => ({ ...each }));
  persistence.addSubscriptions = async () => {};
  persistence.removeSubscriptions = async () => {};
}

interface Persistence {
  subscriptionsByClient(client: { readonly id: string }): Promise<object[]>;
  addSubscriptions(): Promise<void>;
  removeSubscriptions(): Promise<void>;
}
