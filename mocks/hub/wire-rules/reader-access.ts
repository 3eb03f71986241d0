import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { History } from '../../../core/history/history.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { eventHubNamespace } from '../../../core/wire/event-hub-wire.ts';
import { parseSas } from '../../../core/wire/sas.ts';
import { parseEventHubAudience } from '../../event-hub/audience.ts';
import { recordFailedDecision } from '../../shared/record-decision.ts';
import type { Hub } from '../hub.ts';
import { judgePolicyToken } from './judge-policy-token.ts';

/**
 * Verifies the token of a client that reads from the built-in endpoint. The history records only refusals.
 *
 * @param path segments of the path that the token must cover, starting with the entity.
 * @param hosts host names of the namespace.
 * @returns the instant at which the token expires, or undefined if the hub refuses the token.
 */
export function judgeReaderToken(
  hub: Hub,
  token: string,
  { path, hosts }: { readonly path: readonly string[]; readonly hosts: readonly string[] },
  history: History,
): Millis | undefined {
  const trace = traceFor(hub.events.name, history);
  const read = parseSas(token);
  const terms = {
    token: read,
    covers: read !== undefined && coversPath(read.sr, path, hosts),
    wanted: `sr=sb://${eventHubNamespace}/${path.join('/')}`,
    right: 'ServiceConnect',
    // Event Hubs clients sign with the base64 text of a key. IoT Hub clients sign with the bytes that this text encodes.
    secretOf: (key: Buffer) => Buffer.from(key.toString('base64'), 'utf8'),
    secretName: (policy: string) => `the base64 text of a key of ${policy}`,
  } as const;
  const expiresAt = judgePolicyToken({ policies: hub.policies, now: hub.now() }, terms, trace);
  recordFailedDecision(history, trace);
  return expiresAt;
}

/** Records a login whose key does not belong to the named policy. */
export function recordWrongPolicyKey(policyName: string, history: History): void {
  const trace = traceFor(eventHubNamespace, history);
  const expected =
    'a policy with the right ServiceConnect, and its key; devices log in as {deviceId}@sas.{hub} or {idScope}/registrations/{registrationId}';
  trace.check('hub-policy-allows', false, expected, policyName);
  recordFailedDecision(history, trace);
}

/** Records a token for an entity that no hub has. */
export function recordUnknownEntity(name: unknown, history: History): void {
  const trace = traceFor(eventHubNamespace, history);
  trace.check('hub-known', false, 'the Event-Hub-compatible name of a hub', String(name).slice(0, 200));
  recordFailedDecision(history, trace);
}

function traceFor(entity: string, history: History): DecisionTrace {
  return history.trace('hub', 'service', `event hub ${entity}`);
}

/** Returns true if the audience of a token is this resource, a parent resource, or the whole namespace. */
function coversPath(sr: string, path: readonly string[], hosts: readonly string[]): boolean {
  const allowed = parseEventHubAudience(sr);
  if (allowed === undefined || (allowed.host !== undefined && !hosts.includes(allowed.host))) return false;
  return allowed.path.every((segment, index) => segment.toLowerCase() === path[index]?.toLowerCase());
}
