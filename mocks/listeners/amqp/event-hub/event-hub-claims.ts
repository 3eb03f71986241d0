import type { Millis } from '../../../../core/time/clock.ts';
import type { History } from '../../../../core/history/history.ts';
import { sasToleranceMs } from '../../../../core/wire/sas.ts';
import { parseEventHubAudience } from '../../../event-hub/audience.ts';
import type { Hub } from '../../../hub/hub.ts';
import { judgeReaderToken, recordUnknownEntity, recordWrongPolicyKey } from '../../../hub/wire-rules/reader-access.ts';
import type { Probation } from '../../shared/probation.ts';
import { eventHubRefusals, type EventHubRefusal } from './event-hub-error.ts';

interface ClaimsParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly probation: Probation;
}

/** A path that a client may read, and the instant at which this permission ends. */
interface Claim {
  readonly hub: Hub;
  /** Segments of the path in lower case, starting with the entity. */
  readonly path: readonly string[];
  /** End of the permission; Infinity if the client logged in with a key. */
  readonly expiresAt: Millis;
}

/**
 * The permissions of a connection to the Event Hubs namespace. The permissions come from tokens over `$cbs`, or from a
 * SASL `PLAIN` login with the name and key of a policy.
 */
export class EventHubClaims {
  readonly #parts: ClaimsParts;
  readonly #claims = new Map<string, Claim>();

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** Returns the hub whose Event-Hub-compatible name is `entity`. */
  hubOf(entity: string): Hub | undefined {
    return [...this.#parts.hubs.values()].find(({ events }) => events.name.toLowerCase() === entity.toLowerCase());
  }

  /** Verifies a login with the name and key of a policy. The client names the hub only later, when it attaches its links. */
  logIn(policyName: string, key: string): boolean {
    const hubs = [...this.#parts.hubs.values()].filter((hub) =>
      hub.policies.keysFor(policyName, 'ServiceConnect').some((each) => each.toString('base64') === key),
    );
    for (const hub of hubs) this.#add({ hub, path: [hub.events.name.toLowerCase()], expiresAt: Infinity });
    if (hubs.length > 0) return true;
    recordWrongPolicyKey(policyName, this.#parts.history);
    return false;
  }

  /**
   * Verifies a token that a client sends to `$cbs` (put-token) for `name`.
   *
   * @param hosts host names of the namespace.
   * @returns the refusal; undefined if the token is valid.
   */
  putToken(name: unknown, token: string, hosts: readonly string[]): EventHubRefusal | undefined {
    const audience = parseEventHubAudience(name);
    const path = audience?.path.join('/') ?? '';
    const hub = this.hubOf(audience?.path[0] ?? '');
    const isKnown = audience?.host === undefined || hosts.includes(audience.host);
    if (audience === undefined || hub === undefined || !isKnown) {
      recordUnknownEntity(name, this.#parts.history);
      return eventHubRefusals.noEntity(path);
    }
    const expiresAt = judgeReaderToken(hub, token, { path: audience.path, hosts }, this.#parts.history);
    if (expiresAt === undefined) return eventHubRefusals.noClaim('Listen', path);
    this.#add({ hub, path: audience.path.map((each) => each.toLowerCase()), expiresAt });
    return undefined;
  }

  /**
   * Returns the refusal of a request to `$management`; undefined if the client may send the request. If the request has
   * its own token (`security_token`), the function verifies this token; otherwise the permissions of the connection
   * count. The Java client always sends a token.
   */
  managementRefusal(hub: Hub, token: unknown, hosts: readonly string[]): EventHubRefusal | undefined {
    const refusal = this.refusalAt(hub, [hub.events.name, '$management']);
    if (refusal === undefined || typeof token !== 'string') return refusal;
    const expiresAt = judgeReaderToken(hub, token, { path: [hub.events.name], hosts }, this.#parts.history);
    if (expiresAt === undefined) return refusal;
    this.#parts.probation.admit();
    return undefined;
  }

  /**
   * Returns the refusal if the client may not read `path` now; otherwise undefined. A permission for a path also covers all
   * paths below it.
   */
  refusalAt(hub: Hub, path: readonly string[]): EventHubRefusal | undefined {
    const requested = path.map((each) => each.toLowerCase());
    const claims = [...this.#claims.values()].filter(
      (claim) => claim.hub === hub && claim.path.every((segment, index) => segment === requested[index]),
    );
    if (claims.length === 0) return eventHubRefusals.noClaim('Listen', path.join('/'));
    const until = Math.max(...claims.map(({ expiresAt }) => expiresAt));
    return until + sasToleranceMs >= hub.now() ? undefined : eventHubRefusals.expired(until);
  }

  #add(claim: Claim): void {
    this.#parts.probation.admit();
    this.#claims.set(claim.path.join('/'), claim);
  }
}
