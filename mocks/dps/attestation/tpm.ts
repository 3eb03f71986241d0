import { freshKey } from '../../../core/random.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import type { IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { problems } from '../../../core/wire/problems.ts';
import { isSignedWith, parseSas } from '../../../core/wire/sas.ts';
import { refused, type Circumstances, type Claim, type Finding } from '../claim.ts';
import { badToken } from './bad-token.ts';
import { checkSigner, readToken } from './token.ts';
import { makeChallenge } from './tpm-challenge.ts';

/** The keys of challenges that are not yet answered, by ID scope and registration ID. */
export class PendingChallenges {
  readonly #pending = new Map<string, Pending>();

  take(claim: Claim): Pending | undefined {
    return this.#pending.get(keyOf(claim));
  }

  put(claim: Claim, pending: Pending): void {
    // Deletes the entry first, so that the map is ordered by the last challenge.
    this.#pending.delete(keyOf(claim));
    this.#pending.set(keyOf(claim), pending);
    if (this.#pending.size <= challengesKept) return;
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined) this.#pending.delete(oldest);
  }

  /** Removes the challenge of a claim, because a device may answer a challenge only once. */
  spend(claim: Claim): void {
    this.#pending.delete(keyOf(claim));
  }

  /** Returns a copy. A claim that is verified with the copy does not use up a challenge. */
  copy(): PendingChallenges {
    const copy = new PendingChallenges();
    for (const [key, pending] of this.#pending) copy.#pending.set(key, pending);
    return copy;
  }
}

/** Maximum number of pending challenges. It bounds the memory for challenges that devices never answer. */
const challengesKept = 10_000;

interface Pending {
  readonly nonceKey: Buffer;
  readonly endorsementKey: Buffer;
  readonly storageRootKey: Buffer;
}

/**
 * Verifies a TPM attestation in two requests. The first request has no token, and the device gets a challenge. Only the
 * TPM with the enrolled endorsement key can unwrap the key in the challenge. The token of the second request must be
 * signed with that key.
 */
export function attestTpm(
  enrollment: IndividualEnrollment,
  claim: Claim,
  pending: PendingChallenges,
  circumstances: Circumstances,
): Finding {
  const known = claim.credentials.token === undefined ? undefined : pending.take(claim);
  const keys = readKeys(claim) ?? known;
  const { trace } = circumstances;
  if (enrollment.attestation.type !== 'tpm') return refused(problems.endorsementKeyMismatch);
  if (
    !trace.check(
      'endorsement-key-valid',
      keys !== undefined,
      'TPM2B_PUBLIC of EK and SRK in base64',
      keys === undefined ? 'none' : 'both',
    )
  ) {
    return refused(problems.endorsementKeyMismatch);
  }
  if (keys === undefined) return refused(problems.endorsementKeyMismatch);
  const enrolled = enrollment.attestation.endorsementKey;
  const matches = keys.endorsementKey.equals(enrolled);
  if (!trace.check('endorsement-key-matches', matches, shortKey(enrolled), shortKey(keys.endorsementKey))) {
    return refused(problems.endorsementKeyMismatch);
  }
  return claim.credentials.token === undefined
    ? challenge(claim, keys, pending, circumstances)
    : answer(enrollment, claim, { ...(known ?? keys), nonceKey: known?.nonceKey }, pending, circumstances);
}

function challenge(claim: Claim, keys: Keys, pending: PendingChallenges, { trace }: Circumstances): Finding {
  const nonceKey = freshKey(32);
  const made = makeChallenge({ ...keys, key: nonceKey, random: freshKey });
  if (!made.ok) {
    trace.check('endorsement-key-valid', false, 'RSA-2048 storage keys', made.failure.sentence);
    return refused(problems.endorsementKeyMismatch);
  }
  pending.put(claim, { ...keys, nonceKey });
  return { kind: 'challenge', authenticationKey: made.value };
}

function answer(
  enrollment: IndividualEnrollment,
  claim: Claim,
  keys: Keys & { readonly nonceKey: Buffer | undefined },
  pending: PendingChallenges,
  circumstances: Circumstances,
): Finding {
  const { fidelity, trace } = circumstances;
  const refusal = refused(badToken(claim, fidelity));
  const token = readToken(claim, circumstances);
  if (token === undefined) return refusal;
  const isCheckDisabled = trace.isDisabled('challenge-answered');
  const { nonceKey = isCheckDisabled ? freshKey(32) : undefined } = keys;
  const expected = nonceKey === undefined ? 'an earlier challenge' : 'the key of the last challenge';
  const nonceKeys = nonceKey === undefined ? [] : [nonceKey];
  const signer = checkSigner(token, nonceKeys, { check: 'challenge-answered', expected }, circumstances);
  if (signer === undefined) return refusal;
  pending.spend(claim);
  return {
    kind: 'proved',
    proof: {
      type: 'tpm',
      enrollment,
      authentication: (current) => {
        if (current?.type === 'sas' && fidelity.tpmHubKey !== 'roll') return current;
        const key = freshKey(32);
        return { type: 'sas', primaryKey: key, secondaryKey: key };
      },
      wrap: (authentication) => wrapHubKey(keys, authentication.type === 'sas' ? authentication.primaryKey : signer),
      isSameDevice: ({ credentials }) => {
        const read = parseSas(credentials.token ?? '');
        return read !== undefined && (isCheckDisabled || isSignedWith(read, signer));
      },
    },
  };
}

function wrapHubKey(keys: Keys, key: Buffer): Buffer {
  const made = makeChallenge({
    endorsementKey: keys.endorsementKey,
    storageRootKey: keys.storageRootKey,
    key,
    random: freshKey,
    dataSize: 110,
  });
  if (!made.ok)
    throw new Error(`cannot wrap the hub key with the keys of an answered challenge: ${made.failure.sentence}`);
  return made.value;
}

type Keys = Pick<Pending, 'endorsementKey' | 'storageRootKey'>;

function readKeys(claim: Claim): Keys | undefined {
  const { tpm } = claim.body;
  if (tpm === undefined || tpm.storageRootKey === undefined) return undefined;
  const endorsementKey = Buffer.from(tpm.endorsementKey, 'base64');
  const storageRootKey = Buffer.from(tpm.storageRootKey, 'base64');
  return endorsementKey.length === 0 || storageRootKey.length === 0 ? undefined : { endorsementKey, storageRootKey };
}

function shortKey(key: Buffer): string {
  return key.toString('base64');
}

function keyOf({ idScope, registrationId }: Claim): string {
  return `${idScope.toLowerCase()}/${registrationKey(registrationId)}`;
}
