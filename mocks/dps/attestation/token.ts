import { isoInstant } from '../../../core/clock.ts';
import { isAudience, isSignedWith, parseSas, sasToleranceMs, type SasToken } from '../../../core/sas.ts';
import type { CheckId } from '../../../core/checks.ts';
import type { Circumstances, Claim } from './attestation.ts';

/** Reads the token of a claim and checks its form and audience; undefined where a check failed. */
export function readToken(claim: Claim, { trace }: Circumstances): SasToken | undefined {
  // Who shows none at all was found before to attest in no way, or in another one.
  const token = parseSas(claim.credentials.token ?? '');
  const wellFormed = token?.skn === 'registration';
  const form = token === undefined ? 'not readable' : `skn=${token.skn ?? 'none'}`;
  if (!trace.check('token-well-formed', wellFormed, 'sr, sig, se and skn=registration', form)) return undefined;
  if (token === undefined) return undefined;
  const resource = `${claim.idScope}/registrations/${claim.registrationId}`;
  return trace.check('token-audience-matches', isAudience(token.sr, resource), resource, token.sr) ? token : undefined;
}

/**
 * Checks that one of `keys` signed the token and that it has not run out; returns the key, or undefined. Where nobody looks at
 * the signature, the first key stands for the one that signed.
 */
export function checkSigner(
  token: SasToken,
  keys: readonly Buffer[],
  words: { readonly check: CheckId; readonly expected: string },
  { trace, clock }: Circumstances,
): Buffer | undefined {
  const signer = keys.find((key) => isSignedWith(token, key));
  if (!trace.check(words.check, signer !== undefined, words.expected, signer === undefined ? 'another key' : 'match')) {
    return undefined;
  }
  const expiry = token.se * 1000;
  const now = clock.now();
  const fresh = expiry + sasToleranceMs >= now;
  return trace.check('token-fresh', fresh, `expiry not before ${isoInstant(now - sasToleranceMs)}`, isoInstant(expiry))
    ? (signer ?? keys[0])
    : undefined;
}
