import { hasFailedCheck, type DecisionTrace } from '../../../../core/history/decision.ts';
import type { History } from '../../../../core/history/history.ts';
import { isoInstant } from '../../../../core/time/clock.ts';
import { isSignedWith, parseSas, sasToleranceMs } from '../../../../core/wire/sas.ts';
import type { HubRight } from '../../../hub/access-policies.ts';
import type { Hub } from '../../../hub/hub.ts';
import type { HttpRequest } from '../http-api.ts';

/** What is asked for, segment by segment below the host, and the token that is shown for it. */
type Request = Pick<HttpRequest, 'credentials' | 'path'>;

/**
 * Whether a request shows the token of a shared access policy that allows `right`. A refusal is written down, and whoever
 * writes into the registry.
 */
export function mayCall(hub: Hub, right: HubRight, request: Request, history: History): boolean {
  const trace = history.trace('hub', 'service', `${right} at ${hub.host}`);
  const isAllowed = judge(hub, right, request, trace);
  if (right === 'RegistryWrite' || hasFailedCheck(trace.decision()))
    history.record({ kind: 'decision', ...trace.decision() });
  return isAllowed;
}

function judge(hub: Hub, right: HubRight, { credentials, path }: Request, trace: DecisionTrace): boolean {
  const token = parseSas(credentials.token ?? '');
  const covers = token !== undefined && coversPath(token.sr, hub.host, path);
  const found = token === undefined ? 'no token' : `sr=${token.sr}`;
  if (!trace.check('hub-token-well-formed', covers, `sr=${hub.host}`, found) || token === undefined) return false;
  const allows = hub.policies.keysFor(token.skn ?? '', right).length > 0;
  const policy = token.skn ?? 'none';
  if (!trace.check('hub-policy-allows', allows, `a policy with ${right}`, policy)) return false;
  const signed = hub.policies.keysOf(policy).some((key) => isSignedWith(token, key));
  if (!trace.check('hub-token-signature-matches', signed, `a key of ${policy}`, signed ? 'match' : 'another key')) {
    return false;
  }
  const [expiry, now] = [token.se * 1000, hub.now()];
  return trace.check(
    'hub-token-fresh',
    expiry + sasToleranceMs >= now,
    `not past ${isoInstant(expiry)} by 5 min`,
    isoInstant(now),
  );
}

/** A token for a place is good for everything below it, segment by segment. */
function coversPath(sr: string, host: string, path: readonly string[]): boolean {
  const asked = [host, ...path].map((each) => each.toLowerCase());
  const allowed = decoded(sr).toLowerCase().replace(/\/$/, '').split('/');
  return allowed.every((segment, index) => segment === asked[index]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
