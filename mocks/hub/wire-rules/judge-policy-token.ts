import type { DecisionTrace } from '../../../core/history/decision.ts';
import { isoInstant, type Millis } from '../../../core/time/clock.ts';
import { isSignedWith, sasToleranceMs, type SasToken } from '../../../core/wire/sas.ts';
import type { HubRight } from '../hub-access-policies.ts';
import type { Hub } from '../hub.ts';

/** The token of a shared access policy, and the resource that the client requests with it. */
interface PolicyTokenCase {
  /** Undefined if the client sent no token or a malformed token. */
  readonly token: SasToken | undefined;
  /** True if the token is for the resource that the client asks for. */
  readonly covers: boolean;
  /** The expected audience, for the decision. */
  readonly wanted: string;
  readonly right: HubRight;
  /** The secret that a key of a policy signs with. */
  readonly secretOf: (key: Buffer) => Buffer;
  /** Describes that secret, for the decision. */
  readonly secretName: (policy: string) => string;
}

/** Verifies the token of a shared access policy. Returns the instant at which it expires, or undefined if a check failed. */
export function judgePolicyToken(
  { policies, now }: { readonly policies: Hub['policies']; readonly now: Millis },
  { token, covers, wanted, right, secretOf, secretName }: PolicyTokenCase,
  trace: DecisionTrace,
): Millis | undefined {
  const found = token === undefined ? 'no token' : `sr=${token.sr}`;
  if (!trace.check('hub-token-well-formed', covers, wanted, found) || token === undefined) return undefined;
  const policy = token.skn ?? 'none';
  const isAllowed = policies.keysFor(token.skn ?? '', right).length > 0;
  if (!trace.check('hub-policy-allows', isAllowed, `a policy with ${right}`, policy)) return undefined;
  const isSigned = policies.keysOf(policy).some((key) => isSignedWith(token, secretOf(key)));
  const match = isSigned ? 'match' : 'another key';
  if (!trace.check('hub-token-signature-matches', isSigned, secretName(policy), match)) return undefined;
  const expiresAt = token.se * 1000;
  const isFresh = expiresAt + sasToleranceMs >= now;
  const limit = `not past ${isoInstant(expiresAt)} by 5 min`;
  return trace.check('hub-token-fresh', isFresh, limit, isoInstant(now)) ? expiresAt : undefined;
}
