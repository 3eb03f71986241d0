import type { Receiver, Sender } from 'rhea';
import { addressOf } from '../amqp-address.ts';
import { parseEventHubAddress } from './event-hub-address.ts';

/**
 * Whether a link belongs to Event Hubs: its connection was opened for a Service Bus namespace, or, where it was opened for another
 * name such as `localhost`, its address is one that only Event Hubs has.
 */
export function isEventHubLink(link: Sender | Receiver): boolean {
  if (/\.servicebus\.windows\.net(?::\d+)?$/i.test(link.connection.hostname ?? '')) return true;
  const { kind } = parseEventHubAddress(addressOf(link));
  return kind === 'management' || kind === 'partition';
}
