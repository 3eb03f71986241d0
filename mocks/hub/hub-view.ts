import type { HubView } from '../../core/cloud/cloud-operator.ts';
import type { Hub } from './hub.ts';
import { twinJson } from './twins/twin-json.ts';

/** Returns the devices and the number of telemetry messages of a hub, for the operator. */
export function hubView(hub: Hub, twinLimit: number): HubView {
  const identities = hub.identities.all();
  const twins = identities.slice(0, twinLimit).flatMap((identity) => {
    const outcome = hub.twinOf(identity.deviceId);
    return outcome.ok ? [twinJson(outcome.value, identity, hub)] : [];
  });
  const telemetry = hub.events.partitionIds.reduce(
    (count, id) => count + 1 + (hub.events.partition(id)?.properties().lastSequenceNumber ?? -1),
    0,
  );
  return { devices: identities.length, twins, telemetry };
}
