import type { KeyObject } from 'node:crypto';
import { issuingApiVersions } from '../../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import type { Circumstances, Claim } from '../claim.ts';
import type { Proof } from '../attestation/proof.ts';
import type { PolicyRecord } from '../../registry/ca-record.ts';
import type { DeviceRegistry, IssuedChain } from '../../registry/device-registry.ts';
import { judgeIssuer } from '../../registry/judge-issuer.ts';
import { judgeCsr } from '../../registry/judge-csr.ts';
import { isNamedAfter } from '../attestation/is-named-after.ts';
import { findPolicy } from './find-policy.ts';

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
  registry: DeviceRegistry,
  circumstances: Circumstances,
): Promise<Issuing> {
  const permitted = await permitIssue(claim, proof, registry, circumstances);
  if (permitted.kind !== 'permitted') return permitted;
  const { policy, name, key } = permitted;
  const deviceId = deviceIdOf(proof.enrollment, claim.registrationId);
  registry.put(deviceId, policy);
  const issued = await registry.issue(deviceId, name, key, circumstances.clock.now());
  return issued === undefined ? { kind: 'refused', problem: problems.issuingCaUnusable } : { kind: 'issued', issued };
}

/** The decision on a certificate signing request, before a certificate is issued. */
type IssuePermit =
  | Exclude<Issuing, { readonly kind: 'issued' }>
  | { readonly kind: 'permitted'; readonly policy: PolicyRecord; readonly name: string; readonly key: KeyObject };

/** Checks the certificate signing request of an attested device, but issues no certificate. */
export async function permitIssue(
  claim: Claim,
  { enrollment }: Proof,
  registry: DeviceRegistry,
  { trace, fidelity, clock }: Circumstances,
): Promise<IssuePermit> {
  if (claim.body.csr === undefined || !issuingApiVersions.includes(claim.apiVersion)) return { kind: 'none' };
  const { registrationId } = claim;
  const isNamed = (name: string): boolean => isNamedAfter(name, registrationId, fidelity);
  const named = await judgeCsr(claim.body.csr, registrationId, isNamed, trace, fidelity);
  if (named === undefined) return { kind: 'refused', problem: problems.csrInvalid };
  const { policy, expected, found } = findPolicy(enrollment, registry.authorities);
  trace.check('credential-policy-known', policy !== undefined, expected, found);
  // Even if the check is disabled, no certificate can be issued without a known policy.
  if (policy === undefined) return { kind: 'refused', problem: problems.credentialPolicyNotFound };
  const isDisabled = registry.find(deviceIdOf(enrollment, registrationId))?.isDisabled === true;
  if (!trace.check('registry-device-enabled', !isDisabled, 'enabled', isDisabled ? 'disabled' : 'enabled'))
    return { kind: 'refused', problem: problems.registryDeviceDisabled };
  return judgeIssuer(policy, registry, clock.now(), trace)
    ? { kind: 'permitted', policy, ...named }
    : { kind: 'refused', problem: problems.issuingCaUnusable };
}

/**
 * If the enrollment of a device names a policy, adds the device to the device registry. Call this function for a device
 * that registered without a signing request, so that its hub can issue a certificate later.
 */
export function noteDevice({ registrationId }: Claim, { enrollment }: Proof, registry: DeviceRegistry): void {
  const { policy } = findPolicy(enrollment, registry.authorities);
  if (policy !== undefined) registry.put(deviceIdOf(enrollment, registrationId), policy);
}

/**
 * Returns a copy of `proof`. With this copy, the hub accepts the certificates that DPS issues, and refuses the credential of the
 * registration.
 */
export function provedByIssued(proof: Proof): Proof {
  return { ...proof, authentication: () => ({ type: 'certificateAuthority' }) };
}

function deviceIdOf(enrollment: Proof['enrollment'], registrationId: string): string {
  return 'registrationId' in enrollment ? (enrollment.deviceId ?? registrationId) : registrationId;
}
