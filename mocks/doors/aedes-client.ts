import type { EventEmitter } from 'node:events';
import type { Client } from 'aedes';

/** What aedes keeps of a connection beside its typed interface. The version is pinned; the door's tests watch over it. */
interface Internals {
  readonly subscriptions: Readonly<Record<string, unknown>>;
  readonly _parser: EventEmitter;
}

/** Whether the client holds a subscription to exactly this filter. */
export function isSubscribed(client: Client, filter: string): boolean {
  return (client as unknown as Internals).subscriptions[filter] !== undefined;
}

/**
 * Lowers every subscription that the client asks for to QoS 1, the most that DPS and hub grant. It has to be done before
 * aedes reads the packet: the SUBACK names what was asked for, whatever `authorizeSubscribe` makes of it.
 */
export function limitGrants(client: Client): void {
  (client as unknown as Internals)._parser.prependListener('packet', (packet: ParsedPacket) => {
    if (packet.cmd !== 'subscribe') return;
    for (const subscription of packet.subscriptions) subscription.qos = Math.min(subscription.qos, 1);
  });
}

type ParsedPacket = { readonly cmd: 'subscribe'; readonly subscriptions: { qos: number }[] } | { readonly cmd: '' };
