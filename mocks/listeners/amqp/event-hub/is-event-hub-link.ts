import type { Receiver, Sender } from 'rhea';
import { addressOf } from '../amqp-address.ts';
import { parseEventHubAddress } from './event-hub-address.ts';

/**
 * Returns true if a link belongs to Event Hubs: its connection was opened for a Service Bus namespace, or only Event Hubs has its address.
 * The address decides if the connection was opened for another name, such as `localhost`.
 */
export function isEventHubLink(link: Sender | Receiver): boolean {
  if (/\.servicebus\.windows\.net(?::\d+)?$/i.test(link.connection.hostname ?? '')) return true;
  const { kind } = parseEventHubAddress(addressOf(link));
  return kind === 'management' || kind === 'partition';
}
