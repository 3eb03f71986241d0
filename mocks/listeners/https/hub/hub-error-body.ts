import type { Hub } from '../../../hub/hub.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import type { HubProblem } from '../../../hub/hub-problems.ts';

/** The inner form of an error of a hub, which it writes over MQTT and folds into the message of some HTTP answers. */
export function hubErrorBody({ errorCode, message }: HubProblem, hub: Hub): Readonly<Record<string, unknown>> {
  const timestampUtc = hubInstant(hub.now());
  return { errorCode, trackingId: trackingId(hub), message, info: null, timestampUtc };
}

/** Names one request in the logs of the service. */
export function trackingId(hub: Hub): string {
  return `${hub.random.uuid().replaceAll('-', '').toUpperCase()}-G:0-TimeStamp:${hubInstant(hub.now())}`;
}
