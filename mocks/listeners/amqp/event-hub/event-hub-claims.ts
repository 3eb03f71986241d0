import { isoInstant, type Millis } from '../../../../core/time/clock.ts';
import { hasFailedCheck, type DecisionTrace } from '../../../../core/history/decision.ts';
import { eventHubNamespace } from '../../../../core/wire/event-hub-wire.ts';
import type { History } from '../../../../core/history/history.ts';
import { isSignedWith, parseSas, sasToleranceMs, type SasToken } from '../../../../core/wire/sas.ts';
import type { Hub } from '../../../hub/hub.ts';
import type { Probation } from '../../shared/probation.ts';
import { parseEventHubAudience, type EventHubAudience } from './event-hub-address.ts';
import { eventHubRefusals, type EventHubRefusal } from './event-hub-error.ts';

interface ClaimsParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly probation: Probation;
}

/** What a client has shown that it may read, and until when. */
interface Claim {
  readonly hub: Hub;
  /** Segments below the host in lower case, the entity first. */
  readonly path: readonly string[];
  /** Infinity for a login with a key. */
  readonly expiresAt: Millis;
}

/**
 * What a connection has shown at the Event Hubs namespace, by tokens over `$cbs` or by SASL `PLAIN` with a policy and its key.
 * Event Hubs signs with the text of a key, an IoT hub with the bytes that the text stands for.
 */
export class EventHubClaims {
  readonly #parts: ClaimsParts;
  readonly #claims = new Map<string, Claim>();

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** The hub whose Event-Hub-compatible name `entity` is. */
  hubOf(entity: string): Hub | undefined {
    return [...this.#parts.hubs.values()].find(({ events }) => events.name.toLowerCase() === entity.toLowerCase());
  }

  /** A login with a policy and its key. Which hub is meant, its links say later. */
  logIn(policyName: string, key: string): boolean {
    const hubs = [...this.#parts.hubs.values()].filter((hub) =>
      hub.policies.keysFor(policyName, 'ServiceConnect').some((each) => each.toString('base64') === key),
    );
    for (const hub of hubs) this.#add({ hub, path: [hub.events.name.toLowerCase()], expiresAt: Infinity });
    if (hubs.length > 0) return true;
    const trace = this.#trace(eventHubNamespace);
    trace.check('hub-policy-allows', false, 'a policy with ServiceConnect and its key', policyName);
    this.#record(trace);
    return false;
  }

  /**
   * A token that is put over `$cbs` for `name`.
   *
   * @param hosts by which the namespace may be named.
   * @returns why it is refused, if so.
   */
  putToken(name: unknown, token: string, hosts: readonly string[]): EventHubRefusal | undefined {
    const audience = parseEventHubAudience(name);
    const path = audience?.path.join('/') ?? '';
    const hub = this.hubOf(audience?.path[0] ?? '');
    const isKnown = audience?.host === undefined || hosts.includes(audience.host);
    if (audience === undefined || hub === undefined || !isKnown) {
      const trace = this.#trace(eventHubNamespace);
      trace.check('hub-known', false, 'the Event-Hub-compatible name of a hub', String(name).slice(0, 200));
      this.#record(trace);
      return eventHubRefusals.noEntity(path);
    }
    const trace = this.#trace(hub.events.name);
    const expiresAt = judge(hub, parseSas(token), audience, hosts, trace);
    this.#record(trace);
    if (expiresAt === undefined) return eventHubRefusals.noClaim('Listen', path);
    this.#add({ hub, path: audience.path.map((each) => each.toLowerCase()), expiresAt });
    return undefined;
  }

  /**
   * Why a request to `$management` is refused; undefined if it is not. It shows its own token (`security_token`), or what the
   * connection has shown counts: the Java client does the former alone.
   */
  managementRefusal(hub: Hub, token: unknown, hosts: readonly string[]): EventHubRefusal | undefined {
    const refusal = this.refusalAt(hub, [hub.events.name, '$management']);
    if (refusal === undefined || typeof token !== 'string') return refusal;
    const trace = this.#trace(hub.events.name);
    const expiresAt = judge(hub, parseSas(token), { host: undefined, path: [hub.events.name] }, hosts, trace);
    this.#record(trace);
    if (expiresAt === undefined) return refusal;
    this.#parts.probation.admit();
    return undefined;
  }

  /** Why the client may not read at `path` now; undefined if it may. A claim for a place is good for all below it. */
  refusalAt(hub: Hub, path: readonly string[]): EventHubRefusal | undefined {
    const asked = path.map((each) => each.toLowerCase());
    const claims = [...this.#claims.values()].filter(
      (claim) => claim.hub === hub && claim.path.every((segment, index) => segment === asked[index]),
    );
    if (claims.length === 0) return eventHubRefusals.noClaim('Listen', path.join('/'));
    const until = Math.max(...claims.map(({ expiresAt }) => expiresAt));
    return until + sasToleranceMs >= hub.now() ? undefined : eventHubRefusals.expired(until);
  }

  #add(claim: Claim): void {
    this.#parts.probation.admit();
    this.#claims.set(claim.path.join('/'), claim);
  }

  #trace(entity: string): DecisionTrace {
    return this.#parts.history.trace('hub', 'service', `event hub ${entity}`);
  }

  #record(trace: DecisionTrace): void {
    if (hasFailedCheck(trace.decision())) this.#parts.history.record({ kind: 'decision', ...trace.decision() });
  }
}

/** @returns when the token runs out, or undefined if a check failed. */
function judge(
  hub: Hub,
  token: SasToken | undefined,
  { path }: EventHubAudience,
  hosts: readonly string[],
  trace: DecisionTrace,
): Millis | undefined {
  const wanted = `sr=sb://${eventHubNamespace}/${path.join('/')}`;
  const covers = token !== undefined && coversPath(token.sr, path, hosts);
  const found = token === undefined ? 'no token' : `sr=${token.sr}`;
  if (!trace.check('hub-token-well-formed', covers, wanted, found) || token === undefined) return undefined;
  const policy = token.skn ?? 'none';
  const keys = hub.policies.keysFor(policy, 'ServiceConnect');
  if (!trace.check('hub-policy-allows', keys.length > 0, 'a policy with ServiceConnect', policy)) return undefined;
  const signed = hub.policies
    .keysOf(policy)
    .some((key) => isSignedWith(token, Buffer.from(key.toString('base64'), 'utf8')));
  const expected = `the text of a key of ${policy}`;
  if (!trace.check('hub-token-signature-matches', signed, expected, signed ? 'match' : 'another key')) return undefined;
  const [expiresAt, now] = [token.se * 1000, hub.now()];
  const isFresh = expiresAt + sasToleranceMs >= now;
  const fresh = `not past ${isoInstant(expiresAt)} by 5 min`;
  return trace.check('hub-token-fresh', isFresh, fresh, isoInstant(now)) ? expiresAt : undefined;
}

/** A token for a place is good for everything below it, segment by segment; one for the namespace is good for all. */
function coversPath(sr: string, path: readonly string[], hosts: readonly string[]): boolean {
  const allowed = parseEventHubAudience(sr);
  if (allowed === undefined || (allowed.host !== undefined && !hosts.includes(allowed.host))) return false;
  return allowed.path.every((segment, index) => segment.toLowerCase() === path[index]?.toLowerCase());
}
