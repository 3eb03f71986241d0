import { eventHubNamespace } from '../../core/wire/event-hub-wire.ts';
import type { Hub } from '../hub/hub.ts';

/** How the owner of each hub reads its telemetry with an Event Hubs client, in the form in which the portal shows it. */
export function eventHubConnectionStrings(hubs: ReadonlyMap<string, Hub>): ReadonlyMap<string, string> {
  return new Map([...hubs].map(([host, hub]) => [host, connectionStringOf(hub)]));
}

function connectionStringOf({ policies, events }: Hub): string {
  const { policyName, key } = policies.access('iothubowner');
  return `Endpoint=sb://${eventHubNamespace}/;SharedAccessKeyName=${policyName};SharedAccessKey=${key};EntityPath=${events.name}`;
}
