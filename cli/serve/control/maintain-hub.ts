import { addDuration, isDuration } from '../../../core/time/duration.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';
import type { Controlled } from './controlled.ts';
import { hostOf } from './hub-authority-routes.ts';

/**
 * Ends all connections of a hub, as an upgrade of the service does. The body, such as `{"for":"PT30S"}`, says how long the hub then rejects
 * new connections.
 */
export function maintainHub({ cloud, clock }: Controlled, { path, body }: LocalRequest): JsonAnswer {
  const time: unknown = typeof body === 'object' && body !== null && 'for' in body ? body.for : undefined;
  const forMs = typeof time === 'string' && isDuration(time) ? timeOf(clock.now(), time) : undefined;
  if (forMs === undefined || forMs < 0) return refusal(400, 'expected an ISO 8601 duration, as in {"for":"PT30S"}');
  const host = hostOf(path[1]);
  if (!cloud.operator.maintainHub(host, forMs).ok)
    return refusal(404, `there is no hub ${host}; the output of \`rehearse serve\` lists the hubs`);
  return { status: 200, body: { hub: host, for: time } };
}

/** Returns the length of a duration from `now`; undefined if its end is outside the calendar. */
function timeOf(now: number, duration: string): number | undefined {
  try {
    return addDuration(now, duration) - now;
  } catch {
    return undefined;
  }
}
