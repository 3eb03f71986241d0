import { eventHubNamespace } from '../../../../core/wire/event-hub-wire.ts';
import type { Hub } from '../../../hub/hub.ts';
import type { AmqpError } from '../amqp-error.ts';

/**
 * Returns the error with which a hub redirects a reader of `messages/events` to its Event-Hub-compatible endpoint (AMQP 1.0
 * 2.8.17). The clients read the host from `hostname` and the Event-Hub-compatible name from `address`.
 *
 * @param rest the part of the address after `messages/events/`, such as `$management`.
 */
export function eventHubRedirect({ events }: Hub, rest: string, port: number): AmqpError {
  const address = `amqps://${eventHubNamespace}:${port}/${events.name}/${rest}`;
  return {
    condition: 'amqp:link:redirect',
    description: `Redirecting to ${address}`,
    info: { hostname: eventHubNamespace, 'network-host': eventHubNamespace, port, address },
  };
}
