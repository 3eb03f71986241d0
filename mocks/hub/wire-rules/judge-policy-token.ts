import type { DecisionTrace } from '../../../core/history/decision.ts';
import { isoInstant, type Millis } from '../../../core/time/clock.ts';
import { isSignedWith, sasToleranceMs, type SasToken } from '../../../core/wire/sas.ts';
import type { HubRight } from '../hub-access-policies.ts';
import type { Hub } from '../hub.ts';

/** The token of a shared access policy, and the resource that the client requests with it. */
interface PolicyTokenCase {
  /** The parsed token; undefined if the client sent no token or a malformed token. */
  readonly token: SasToken | undefined;
  /** True if the audience of the token includes the requested resource. */
  readonly covers: boolean;
  /** The expected audience as text. The decision records it. */
  readonly wanted: string;
  readonly right: HubRight;
  /** Returns the secret with which a token is signed, from a key of the policy. */
  readonly secretOf: (key: Buffer) => Buffer;
  /** Describes the signing secret as text. The decision records it. */
  readonly secretName: (policy: string) => string;
}

/**
 * Verifies the token of a shared access policy. Returns the instant at which the token expires, or undefined if a check failed.
 */
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
  const limit = `at most 5 min after ${isoInstant(expiresAt)}`;
  return trace.check('hub-token-fresh', isFresh, limit, isoInstant(now)) ? expiresAt : undefined;
}
