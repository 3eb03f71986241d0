import type { Hub } from '../../../hub/hub.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import type { HubProblem } from '../../../hub/hub-problems.ts';

/**
 * Returns the inner JSON of a hub error. Over MQTT this JSON is the body. In some HTTP answers it is text inside the
 * member `message`.
 */
export function hubErrorBody({ errorCode, message }: HubProblem, hub: Hub): Readonly<Record<string, unknown>> {
  const timestampUtc = hubInstant(hub.now());
  return { errorCode, trackingId: trackingId(hub), message, info: null, timestampUtc };
}

/** Returns a new tracking ID, which identifies one request in the logs of the service. */
export function trackingId(hub: Hub): string {
  return `${hub.random.uuid().replaceAll('-', '').toUpperCase()}-G:0-TimeStamp:${hubInstant(hub.now())}`;
}
