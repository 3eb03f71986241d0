import { classicHubName } from '../../../core/wire/hub-names.ts';
import type { History } from '../../../core/history/history.ts';
import { parseSas } from '../../../core/wire/sas.ts';
import type { BearerToken } from '../../entra/bearer-token.ts';
import { judgeBearer } from '../../entra/judge-bearer.ts';
import type { Credentials } from '../../shared/credentials.ts';
import { recordDecision, recordFailedDecision } from '../../shared/record-decision.ts';
import type { HubRight } from '../hub-access-policies.ts';
import type { Hub } from '../hub.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { judgePolicyToken } from './judge-policy-token.ts';

/** A request of the service side, such as a back end. */
interface ServiceRequest {
  readonly credentials: Credentials;
  /** Segments of the requested path below the host. */
  readonly path: readonly string[];
  /** HTTP method of the request, for the messages of refusals. */
  readonly method?: string;
}

/** The permission that a request of the service side needs. */
export interface ServiceNeed {
  /** The right of a shared access policy. */
  readonly right: HubRight;
  /**
   * The actions of Azure roles below `Microsoft.Devices`, all of which the request needs. Undefined if the request does
   * not accept tokens of Entra ID.
   */
  readonly actions: readonly string[] | undefined;
}

/**
 * Returns the problem of a request whose token does not grant the needed permission. The token comes from a shared
 * access policy or from Entra ID. Records each refusal, and each decision about a write to the registry.
 *
 * @param bearer the token of Entra ID; undefined if the client did not send one.
 */
export function serviceRefusal(
  hub: Hub,
  need: ServiceNeed,
  request: ServiceRequest,
  bearer: BearerToken | undefined,
  history: History,
): HubProblem | undefined {
  if (bearer === undefined || hub.entra === undefined) {
    return mayCall(hub, need.right, request, history) ? undefined : hubProblems.unauthorized;
  }
  const trace = history.trace('hub', 'service', `${need.right} at ${hub.host}`, request.credentials.from);
  const terms = { audience: hubAudience, actions: need.actions, checks: bearerChecks };
  const verdict = judgeBearer(bearer, hub.entra, terms, trace);
  if (need.right === 'RegistryWrite') recordDecision(history, trace);
  else recordFailedDecision(history, trace);
  if (verdict.ok) return undefined;
  if (verdict.principal === undefined) return hubProblems.unauthorized;
  const call = `${request.method ?? 'AMQP'} on /${request.path.join('/')}`;
  const sentence = `Principal ${verdict.principal} is not authorized for ${call} due to no assigned permissions`;
  return saying(hubProblems.roleMissing, sentence);
}

/** The resource of hubs in Entra ID (azure-docs `iot-hub-dev-guide-azure-ad-rbac`). */
const hubAudience = 'https://iothubs.azure.net';

const bearerChecks = {
  form: 'hub-token-well-formed',
  audience: 'hub-token-well-formed',
  signature: 'hub-token-signature-matches',
  fresh: 'hub-token-fresh',
  right: 'hub-policy-allows',
} as const;

function mayCall(hub: Hub, right: HubRight, { credentials, path }: ServiceRequest, history: History): boolean {
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
  const allowed = classicHubName(decoded(sr)).toLowerCase().replace(/\/$/, '').split('/');
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
