import type { KeyObject } from 'node:crypto';
import { issuingApiVersions } from '../../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { Circumstances, Claim } from '../attestation/attestation.ts';
import type { Proof } from '../attestation/proof.ts';
import type { IssuedChain, IssuingCas } from './issuing-ca.ts';
import { readSigningRequest } from '../../../core/x509/signing-request.ts';
import { isNamedAfter } from '../attestation/is-named-after.ts';
import { pinnedBy } from '../attestation/pinned-by.ts';

/** The result of a certificate signing request. */
export type Issuing =
  /** The claim contains no certificate signing request. */
  | { readonly kind: 'none' }
  | { readonly kind: 'issued'; readonly issued: IssuedChain }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Returns true if a claim has a CSR although its API version does not support one, and the switch `csrInOlderVersion` is
 * `reject`.
 */
export function isCsrOutOfPlace({ apiVersion, body }: Claim, fidelity: FidelitySettings): boolean {
  if (body.csr === undefined || issuingApiVersions.includes(apiVersion)) return false;
  return fidelity.csrInOlderVersion === 'reject';
}

/** Checks the certificate signing request of an attested device and issues the certificate. */
export async function issue(
  claim: Claim,
  proof: Proof,
  cas: IssuingCas,
  circumstances: Circumstances,
): Promise<Issuing> {
  const permitted = await permitIssue(claim, proof, cas, circumstances);
  if (permitted.kind !== 'permitted') return permitted;
  const { policy, name, key } = permitted;
  const issued = await cas.issue(policy, name, key, circumstances.clock.now());
  return issued === undefined
    ? { kind: 'refused', problem: problems.credentialPolicyNotFound }
    : { kind: 'issued', issued };
}

/** The decision on a certificate signing request, before a certificate is issued. */
type IssuePermit =
  | Exclude<Issuing, { readonly kind: 'issued' }>
  | { readonly kind: 'permitted'; readonly policy: string; readonly name: string; readonly key: KeyObject };

/** Checks the certificate signing request of an attested device, and issues nothing. */
export async function permitIssue(
  claim: Claim,
  { enrollment }: Proof,
  cas: IssuingCas,
  circumstances: Circumstances,
): Promise<IssuePermit> {
  if (claim.body.csr === undefined || !issuingApiVersions.includes(claim.apiVersion)) return { kind: 'none' };
  const named = await keyToCertify(claim, claim.body.csr, circumstances);
  if (named === undefined) return { kind: 'refused', problem: problems.csrInvalid };
  const policy = enrollment.credentialPolicyName;
  const isKnown = policy !== undefined && cas.names().includes(policy);
  const expected = cas.names().join(' or ') || 'no credential policy, because the service has none';
  circumstances.trace.check('credential-policy-known', isKnown, expected, policy ?? 'the enrollment names none');
  // A disabled check gives no policy, so there is no certificate to issue.
  return isKnown
    ? { kind: 'permitted', policy, ...named }
    : { kind: 'refused', problem: problems.credentialPolicyNotFound };
}

/** Returns a copy of `proof` with which the hub accepts the issued certificate, and not the credential of the registration. */
export function provedByIssued(proof: Proof, { thumbprint }: IssuedChain): Proof {
  return { ...proof, authentication: () => pinnedBy(thumbprint) };
}

async function keyToCertify(
  { registrationId }: Claim,
  csr: string,
  { trace, fidelity }: Circumstances,
): Promise<{ readonly name: string; readonly key: KeyObject } | undefined> {
  const read = readSigningRequest(csr);
  const found = read.ok ? 'one' : read.failure.sentence;
  if (!trace.check('csr-readable', read.ok, 'base64 of a PKCS #10 request in DER', found) || !read.ok) return undefined;
  const { commonNames, publicKey } = read.value;
  const kind = keyKindOf(publicKey);
  if (!trace.check('csr-key-allowed', allowedKeys.includes(kind), allowedKeys.join(', '), kind)) return undefined;
  const signed = await read.value.isSignedByItsKey();
  if (!trace.check('csr-signed-by-its-key', signed, 'the key in the request', signed ? 'match' : 'another key'))
    return undefined;
  const [name = 'no common name'] = commonNames;
  const same = isNamedAfter(name, registrationId, fidelity);
  const named = commonNames.length === 1 && same;
  return trace.check('csr-name-matches', named, registrationId, commonNames.join(' and ') || name)
    ? { name, key: publicKey }
    : undefined;
}

/** The types of keys for which the mock issues certificates. Azure does not document those of the real service. */
const allowedKeys: readonly string[] = ['P-256', 'P-384', 'P-521', 'RSA-2048', 'RSA-3072', 'RSA-4096'];

function keyKindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { modulusLength = 0, namedCurve = 'unnamed' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa') return `RSA-${modulusLength}`;
  return asymmetricKeyType === 'ec' ? (curves[namedCurve] ?? namedCurve) : (asymmetricKeyType ?? 'unknown');
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
