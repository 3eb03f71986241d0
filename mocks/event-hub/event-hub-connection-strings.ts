import { eventHubNamespace } from '../../core/wire/event-hub-wire.ts';
import type { Hub } from '../hub/hub.ts';

/**
 * Returns the Event Hubs connection string of each hub, by host name. The strings have the form that the Azure portal shows.
 */
export function eventHubConnectionStrings(hubs: ReadonlyMap<string, Hub>): ReadonlyMap<string, string> {
  return new Map([...hubs].map(([host, hub]) => [host, connectionStringOf(hub)]));
}

function connectionStringOf({ policies, events }: Hub): string {
  const { policyName, key } = policies.access('iothubowner');
  return `Endpoint=sb://${eventHubNamespace}/;SharedAccessKeyName=${policyName};SharedAccessKey=${key};EntityPath=${events.name}`;
}
