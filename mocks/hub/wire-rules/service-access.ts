import type { History } from '../../../core/history/history.ts';
import { parseSas } from '../../../core/wire/sas.ts';
import type { Credentials } from '../../shared/credentials.ts';
import { recordDecision, recordFailedDecision } from '../../shared/record-decision.ts';
import type { HubRight } from '../hub-access-policies.ts';
import type { Hub } from '../hub.ts';
import { judgePolicyToken } from './judge-policy-token.ts';

/** A request of the service side, such as a back end. */
interface ServiceRequest {
  readonly credentials: Credentials;
  /** Segments of the requested path below the host. */
  readonly path: readonly string[];
}

/**
 * Returns true if a request has the token of a shared access policy that allows `right`. Records each refusal, and each decision
 * about a write to the registry.
 */
export function mayCall(hub: Hub, right: HubRight, { credentials, path }: ServiceRequest, history: History): boolean {
  const trace = history.trace('hub', 'service', `${right} at ${hub.host}`);
  const token = parseSas(credentials.token ?? '');
  const covers = token !== undefined && coversPath(token.sr, hub.host, path);
  const terms = {
    token,
    covers,
    wanted: `sr=${hub.host}`,
    right,
    secretOf: (key: Buffer) => key,
    secretName: (policy: string) => `a key of ${policy}`,
  };
  const isAllowed = judgePolicyToken({ policies: hub.policies, now: hub.now() }, terms, trace) !== undefined;
  if (right === 'RegistryWrite') recordDecision(history, trace);
  else recordFailedDecision(history, trace);
  return isAllowed;
}

/** Returns true if a token permits a connection of the service side, or of a gateway that connects several devices. */
export function mayOpenConnection(
  hub: Hub,
  credentials: Credentials & { readonly token: string },
  history: History,
): boolean {
  const token = parseSas(credentials.token);
  const policy = token?.skn ?? '';
  const isService = hub.policies.keysFor(policy, 'ServiceConnect').length > 0;
  const isGateway = hub.policies.keysFor(policy, 'DeviceConnect').length > 0;
  const right = isGateway && !isService ? 'DeviceConnect' : 'ServiceConnect';
  return mayCall(hub, right, { credentials, path: messagesPathOf(token?.sr ?? '') }, history);
}

/** Returns true if the audience of a token is this resource or a parent resource. Compares whole segments. */
function coversPath(sr: string, host: string, path: readonly string[]): boolean {
  const requested = [host, ...path].map((each) => each.toLowerCase());
  const allowed = decoded(sr).toLowerCase().replace(/\/$/, '').split('/');
  return allowed.every((segment, index) => segment === requested[index]);
}

/**
 * Returns the path of an audience below `{host}/messages`, such as `{host}/messages/events`; an empty path for other audiences.
 * The hub also authorizes each link for the path of the link.
 */
function messagesPathOf(sr: string): readonly string[] {
  const [, path = ''] = /^[^/]*\/(messages(?:\/.*)?)$/i.exec(decoded(sr)) ?? [];
  return path.split('/').filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
