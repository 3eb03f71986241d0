import type { Receiver, Sender } from 'rhea';
import { addressOf } from '../amqp-address.ts';
import { parseEventHubAddress } from './event-hub-address.ts';

/**
 * Returns true if a link belongs to Event Hubs. Either the client opened the connection for a Service Bus namespace, or
 * the address of the link exists only at Event Hubs. The address decides if the client used another host name, such as
 * `localhost`.
 */
export function isEventHubLink(link: Sender | Receiver): boolean {
  if (/\.servicebus\.windows\.net(?::\d+)?$/i.test(link.connection.hostname ?? '')) return true;
  const { kind } = parseEventHubAddress(addressOf(link));
  return kind === 'management' || kind === 'partition';
}
