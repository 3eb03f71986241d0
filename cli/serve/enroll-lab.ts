import { defined } from '../../core/defined.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { IndividualAttestation } from '../../core/wire/enrollment.ts';
import { freshKey } from '../../core/random.ts';
import type { Lab } from '../../sim/lab/load.ts';
import { enrollGroups } from '../../sim/world/enroll-groups.ts';
import { putHubAuthorities } from '../../sim/world/put-hub-authorities.ts';
import { enrollmentTerms } from '../../sim/world/enrollment-terms.ts';
import type { Authority } from '../../sim/pki/authority.ts';
import type { WebhookStandIn } from '../../sim/world/webhook-stand-in.ts';
import { StepProblem } from '../../sim/world/step-problem.ts';
import type { LabTpm } from './open-tpms.ts';

/** What enrollments of a lab are made from. */
export interface LabParts {
  readonly cloud: Cloud;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly tpms: readonly LabTpm[];
  readonly webhook: WebhookStandIn | undefined;
}

/**
 * Makes the enrollments of a lab that are not there yet: what was kept, or changed through the service API, stays.
 *
 * @returns a sentence where the service does not take one.
 */
export function enrollLab(lab: Lab, parts: LabParts): string | undefined {
  const { operator } = parts.cloud;
  const missing = Object.entries(lab.cloud.enrollmentGroups).filter(
    ([id]) => operator.enrollmentGroup(id) === undefined,
  );
  for (const [, { x509 }] of missing) {
    for (const name of x509?.caReference === undefined ? [] : [x509.caReference, x509.secondary]) {
      const authority = parts.authorities.get(name ?? '');
      // The lab vouches for its own CAs: there is nobody else who could prove to have the key.
      if (authority !== undefined) operator.uploadCaCertificate(authority.name, authority.minted.der, true);
    }
  }
  try {
    putHubAuthorities(lab.cloud.hubs, parts);
    enrollGroups(Object.fromEntries(missing), parts);
  } catch (error) {
    if (error instanceof StepProblem) return error.message;
    throw error;
  }
  for (const [registrationId, spec] of Object.entries(lab.enrollments)) {
    if (operator.enrollment(registrationId) !== undefined) continue;
    const result = operator.putEnrollment({
      registrationId,
      attestation: attestationOf(spec, lab, parts),
      ...defined({ deviceId: spec.deviceId }),
      provisioningStatus: spec.provisioningStatus,
      ...defined({ credentialPolicyName: spec.credentialPolicy }),
      ...enrollmentTerms(parts.webhook, spec),
    });
    if (!result.ok) return `the service rejects the enrollment of ${registrationId}: ${result.failure.sentence}`;
  }
  return undefined;
}

function attestationOf(spec: Lab['enrollments'][string], lab: Lab, { keys, tpms }: LabParts): IndividualAttestation {
  const { tpm, x509, symmetricKey } = spec;
  if (tpm !== undefined) {
    const endorsementKey =
      typeof tpm === 'string'
        ? tpms.find(({ name }) => name === tpm)?.endorsementKey
        : Buffer.from(tpm.endorsementKey, 'base64');
    if (endorsementKey === undefined) throw new Error(`the TPM ${JSON.stringify(tpm)} was not started`);
    return { type: 'tpm', endorsementKey };
  }
  if (x509 !== undefined) {
    const primary = lab.certificates.get(x509.certificate);
    const secondary = x509.secondary === undefined ? undefined : lab.certificates.get(x509.secondary);
    if (primary === undefined) throw new Error(`${x509.certificate} was not read`);
    return { type: 'x509', primary, ...defined({ secondary }) };
  }
  const shared = typeof symmetricKey === 'string' ? keys[symmetricKey] : undefined;
  return { type: 'symmetricKey', primaryKey: shared ?? freshKey(64), secondaryKey: shared ?? freshKey(64) };
}

/** The TPMs that a lab needs: those that were asked for by name, then those that enrollments name. */
export function tpmNames(asked: readonly string[], lab: Lab): readonly string[] {
  const enrolled = Object.values(lab.enrollments).flatMap(({ tpm }) => (typeof tpm === 'string' ? [tpm] : []));
  return [...new Set([...asked, ...enrolled])];
}
