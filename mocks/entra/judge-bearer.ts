import type { CheckId } from '../../core/checks.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { isoInstant } from '../../core/time/clock.ts';
import { grantsAction, type EntraRole } from '../../core/wire/entra-roles.ts';
import { sasToleranceMs } from '../../core/wire/sas.ts';
import type { BearerToken } from './bearer-token.ts';
import type { EntraDirectory } from './entra-directory.ts';

/** The names under which a service records the checks of a token. */
interface BearerChecks {
  readonly form: CheckId;
  readonly audience: CheckId;
  readonly signature: CheckId;
  readonly fresh: CheckId;
  readonly right: CheckId;
}

interface BearerCase {
  /** The resource of the service, `https://…`. */
  readonly audience: string;
  /**
   * The actions below `Microsoft.Devices` that the request needs. Undefined if the service offers the request to shared access
   * policies only.
   */
  readonly actions: readonly string[] | undefined;
  readonly checks: BearerChecks;
}

/** The result: accepted until an instant, or refused. `principal` is present if the token is authentic and lacks only a role. */
type BearerVerdict =
  | { readonly ok: true; readonly expiresAt: number }
  | { readonly ok: false; readonly principal: string | undefined };

/** Checks a token of Entra ID: form, audience, issuer, signature, validity, and the roles of its principal. */
export function judgeBearer(
  { claims, algorithm, isSigned }: BearerToken,
  entra: EntraDirectory,
  { audience, actions, checks }: BearerCase,
  trace: DecisionTrace,
): BearerVerdict {
  const refused = { ok: false, principal: undefined } as const;
  const found = claims === undefined ? 'not a JSON Web Token' : `iss=${textOf(claims['iss'])}`;
  const isIssued = claims?.['iss'] === entra.issuer;
  if (!trace.check(checks.form, isIssued, `iss=${entra.issuer}`, found) || claims === undefined) return refused;
  const given = textOf(claims['aud']).replace(/\/$/, '');
  if (!trace.check(checks.audience, given === audience, `aud=${audience}`, `aud=${given}`)) return refused;
  const signature = isSigned ? 'match' : `${algorithm} with another key, or no signature`;
  if (!trace.check(checks.signature, isSigned, 'RS256 with the key of the tenant', signature)) return refused;
  const now = entra.now();
  const [from, until] = [instantOf(claims['nbf']), instantOf(claims['exp'])];
  const isFresh = from - sasToleranceMs <= now && now <= until + sasToleranceMs;
  const span = `${isoInstant(from)} to ${isoInstant(until)}, with 5 min of tolerance`;
  if (!trace.check(checks.fresh, isFresh, span, isoInstant(now))) return refused;
  const principal = entra.principals.find(({ objectId }) => objectId === claims['oid']);
  const roles: readonly EntraRole[] = principal?.roles ?? [];
  const isAllowed = actions?.every((action) => grantsAction(roles, action)) === true;
  const wanted = actions === undefined ? 'a shared access policy' : `a role with ${actions.join(', ')}`;
  if (trace.check(checks.right, isAllowed, wanted, roles.join(', ') || 'no role'))
    return { ok: true, expiresAt: until };
  return { ok: false, principal: textOf(claims['oid']) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : 'none';
}

/** Returns the instant of a NumericDate (RFC 7519 2) in milliseconds; 0 (1970) if `value` is not a NumericDate. */
function instantOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e11 ? value * 1000 : 0;
}
