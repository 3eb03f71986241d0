import { isoInstant } from '../../../core/time/clock.ts';
import { isAudience, isSignedWith, parseSas, sasToleranceMs, type SasToken } from '../../../core/wire/sas.ts';
import type { CheckId } from '../../../core/checks.ts';
import type { Circumstances, Claim } from '../claim.ts';

/**
 * Reads the token of a claim and checks its form and audience. Returns undefined if a check failed. `skn` may be missing or
 * empty: the SDKs for Python, Embedded C and FreeRTOS omit it, and the real service accepts their tokens.
 */
export function readToken(claim: Claim, { trace, fidelity }: Circumstances): SasToken | undefined {
  // A claim without a token does not reach this line, because it fails the check `attestation-type-matches`.
  const token = parseSas(claim.credentials.token ?? '');
  const names = fidelity.dpsTokenKeyName === 'any' ? 'any skn, or no skn' : 'skn=registration, or no skn';
  const accepted = fidelity.dpsTokenKeyName === 'any' || ['', 'registration'].includes(token?.skn ?? '');
  const form = token === undefined ? 'not readable' : `skn=${token.skn ?? 'none'}`;
  const wellFormed = token !== undefined && accepted;
  if (!trace.check('token-well-formed', wellFormed, `sr, sig, se and ${names}`, form)) return undefined;
  if (token === undefined) return undefined;
  const resource = `${claim.idScope}/registrations/${claim.registrationId}`;
  return trace.check('token-audience-matches', isAudience(token.sr, resource), resource, token.sr) ? token : undefined;
}

/**
 * Checks that one of `keys` signed the token and that the token has not expired. Returns that key, or undefined. If the signature
 * check is disabled and no key matches, returns the first key.
 */
export function checkSigner(
  token: SasToken,
  keys: readonly Buffer[],
  words: { readonly check: CheckId; readonly expected: string; readonly found?: string },
  { trace, clock }: Circumstances,
): Buffer | undefined {
  const signer = keys.find((key) => isSignedWith(token, key));
  if (
    !trace.check(
      words.check,
      signer !== undefined,
      words.expected,
      signer === undefined ? (words.found ?? 'another key') : 'match',
    )
  ) {
    return undefined;
  }
  const expiry = token.se * 1000;
  const now = clock.now();
  const fresh = expiry + sasToleranceMs >= now;
  return trace.check('token-fresh', fresh, `expiry not before ${isoInstant(now - sasToleranceMs)}`, isoInstant(expiry))
    ? (signer ?? keys[0])
    : undefined;
}
