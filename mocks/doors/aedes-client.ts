import type { EventEmitter } from 'node:events';
import type { Aedes, Client } from 'aedes';

/** What aedes keeps of a connection beside its typed interface. The version is pinned; the door's tests watch over it. */
interface Internals {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number } | undefined>>;
  readonly _parser: EventEmitter;
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
  | { readonly cmd: 'subscribe'; readonly subscriptions: { topic: string; qos: number }[] }
  | { readonly cmd: 'unsubscribe'; readonly unsubscriptions: readonly string[] }
  | { readonly cmd: 'puback'; readonly messageId: number }
  | { readonly cmd: 'disconnect' | 'pingreq' | 'publish' };

/** Shows every packet of the client to `see` before aedes reads it. */
export function watchPackets(client: Client, see: (packet: SeenPacket) => void): void {
  (client as unknown as Internals)._parser.prependListener('packet', see);
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
