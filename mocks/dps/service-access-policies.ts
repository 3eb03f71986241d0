import { accessRights, type AccessRight } from '../../core/wire/access-right.ts';
import { isoInstant, type Clock } from '../../core/time/clock.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { problems, type Problem } from '../../core/wire/problems.ts';
import { freshKey } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { BearerToken } from '../entra/bearer-token.ts';
import type { EntraDirectory } from '../entra/entra-directory.ts';
import { judgeBearer } from '../entra/judge-bearer.ts';
import { isSignedWith, parseSas, sasToleranceMs, type SasToken } from '../../core/wire/sas.ts';

/** The initial policy of every service, which grants every right. */
export const ownerPolicy = 'provisioningserviceowner';

interface AccessPolicy {
  readonly rights: readonly AccessRight[];
  readonly primaryKey: Buffer;
  readonly secondaryKey: Buffer;
}

/** A request to the service API before it is authorized. */
export interface Inquiry {
  /** The shared access signature as the client sent it; undefined if the client sent none. */
  readonly token: string | undefined;
  /** The token of Entra ID; undefined if the client sent none. */
  readonly bearer?: BearerToken | undefined;
  /** Host name that the client used for the request, in lower case and without a port. */
  readonly host: string;
  /** Percent-decoded. */
  readonly path: readonly string[];
  readonly right: AccessRight;
}

/** The shared access policies of the service API. Names are case-sensitive. */
export class ServiceAccessPolicies implements Store {
  readonly #policies = new WatchedMap<AccessPolicy>();
  readonly parts = { policies: this.#policies };
  readonly #clock: Clock;
  readonly #fidelity: FidelitySettings;

  /** The directory whose tokens the service accepts. Undefined if the service accepts no tokens of Entra ID. */
  readonly entra: EntraDirectory | undefined;

  constructor(clock: Clock, fidelity: FidelitySettings, entra?: EntraDirectory) {
    this.entra = entra;
    this.#clock = clock;
    this.#fidelity = fidelity;
    this.put(ownerPolicy, accessRights);
  }

  /** Primary key of the policy `provisioningserviceowner`. */
  get ownerKey(): Buffer {
    return this.#policies.get(ownerPolicy)?.primaryKey ?? Buffer.alloc(0);
  }

  save(): Readonly<Record<string, AccessPolicy>> {
    return Object.fromEntries(this.#policies);
  }

  load(saved: Readonly<Record<string, AccessPolicy>>): void {
    this.#policies.clear();
    for (const [name, policy] of Object.entries(saved)) this.#policies.set(name, policy);
  }

  /** Creates or replaces a policy with new keys. Returns the primary key. */
  put(name: string, rights: readonly AccessRight[]): Buffer {
    const policy = { rights, primaryKey: freshKey(32), secondaryKey: freshKey(32) };
    this.#policies.set(name, policy);
    return policy.primaryKey;
  }

  /** Deletes a policy. Returns false if there is no policy with this name. */
  delete(name: string): boolean {
    return this.#policies.delete(name);
  }

  /** Verifies the token of a request and its right. Returns the problem if a check failed. */
  authorize(inquiry: Inquiry, trace: DecisionTrace): Problem | undefined {
    if (inquiry.bearer !== undefined && this.entra !== undefined) {
      return this.#judgeBearer(inquiry.bearer, this.entra, inquiry, trace);
    }
    const token = parseSas(inquiry.token ?? '');
    const form = inquiry.token === undefined ? 'no token' : token === undefined ? 'not readable' : 'no skn';
    const named = token?.skn !== undefined;
    if (!trace.check('policy-token-well-formed', named, 'sr, sig, se and skn', named ? 'all of them' : form)) {
      return problems.unauthorized;
    }
    const policy = this.#policies.get(token?.skn ?? '');
    if (!trace.check('policy-known', policy !== undefined, 'a policy of the service', token?.skn ?? 'none')) {
      return problems.unauthorized;
    }
    if (token === undefined || policy === undefined) return problems.unauthorized;
    return this.#judge(token, policy, inquiry, trace);
  }

  #judge(token: SasToken, policy: AccessPolicy, inquiry: Inquiry, trace: DecisionTrace): Problem | undefined {
    const resource = [inquiry.host, ...inquiry.path].join('/');
    if (!trace.check('policy-token-audience-matches', covers(token.sr, inquiry), resource, token.sr)) {
      return problems.unauthorized;
    }
    const signed = isSignedWith(token, policy.primaryKey) || isSignedWith(token, policy.secondaryKey);
    if (
      !trace.check(
        'policy-token-signature-matches',
        signed,
        `a key of ${token.skn ?? ''}`,
        signed ? 'match' : 'another key',
      )
    ) {
      return problems.unauthorized;
    }
    const now = this.#clock.now();
    const fresh = token.se * 1000 + sasToleranceMs >= now;
    const until = `expiry not before ${isoInstant(now - sasToleranceMs)}`;
    if (!trace.check('policy-token-fresh', fresh, until, isoInstant(token.se * 1000))) return problems.unauthorized;
    const granted = policy.rights.includes(inquiry.right);
    if (trace.check('policy-grants-right', granted, inquiry.right, policy.rights.join(', ') || 'no right'))
      return undefined;
    return this.#missingRight();
  }

  #judgeBearer(
    bearer: BearerToken,
    entra: EntraDirectory,
    { right, path }: Inquiry,
    trace: DecisionTrace,
  ): Problem | undefined {
    const action = actionOf(right, path);
    const actions = action === undefined ? undefined : [action];
    const verdict = judgeBearer(bearer, entra, { audience: dpsAudience, actions, checks: bearerChecks }, trace);
    if (verdict.ok) return undefined;
    return verdict.principal === undefined ? problems.unauthorized : this.#missingRight();
  }

  #missingRight(): Problem {
    return this.#fidelity.missingRight === '403' ? problems.rightMissingForbidden : problems.rightMissingUnauthorized;
  }
}

/** The resource of DPS in Entra ID, as the service SDKs request it. */
const dpsAudience = 'https://azure-devices-provisioning.net';

const bearerChecks = {
  form: 'policy-token-well-formed',
  audience: 'policy-token-audience-matches',
  signature: 'policy-token-signature-matches',
  fresh: 'policy-token-fresh',
  right: 'policy-grants-right',
} as const;

/**
 * Returns the action below `Microsoft.Devices` that a request needs; undefined for CA certificates, which belong to the resource manager.
 */
function actionOf(right: AccessRight, [resource = '', , verb = '']: readonly string[]): string | undefined {
  if (right === 'ServiceConfig') return undefined;
  if (verb.toLowerCase() === 'attestationmechanism') return 'provisioningServices/attestationmechanism/details/action';
  const kind = right.startsWith('Registration')
    ? 'registrationStates'
    : resource.toLowerCase() === 'enrollmentgroups'
      ? 'enrollmentGroups'
      : 'enrollments';
  return `provisioningServices/${kind}/${right.endsWith('Read') ? 'read' : 'write'}`;
}

/**
 * Returns true if the audience of a token is the requested resource or a parent of it. Compares whole segments: `host/enroll`
 * does not cover `host/enrollments`.
 */
function covers(sr: string, { host, path }: Inquiry): boolean {
  const wanted = [host, ...path].map((segment) => segment.toLowerCase());
  let given: readonly string[];
  try {
    given = decodeURIComponent(sr).toLowerCase().split('/');
  } catch {
    return false;
  }
  const [name, ...segments] = given.at(-1) === '' ? given.slice(0, -1) : given;
  const called = name?.replace(/:\d+$/, '');
  return called === wanted[0] && segments.every((segment, index) => segment === wanted[index + 1]);
}
