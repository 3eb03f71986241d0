import { defined } from '../../core/defined.ts';
import { done, failed, type Result } from '../../core/result.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { IndividualAttestation } from '../../core/wire/enrollment.ts';
import { freshKey } from '../../core/random.ts';
import type { Lab } from '../../sim/lab/load.ts';
import { enrollGroups } from '../../sim/world/enroll-groups.ts';
import { putHubAuthorities } from '../../sim/world/put-hub-authorities.ts';
import { certificatePolicyNames, enrollmentTerms } from '../../sim/world/enrollment-terms.ts';
import type { Authority } from '../../sim/pki/authority.ts';
import type { WebhookStandIn } from '../../sim/world/webhook-stand-in.ts';
import { StepProblem } from '../../sim/world/step-problem.ts';
import type { LabTpm } from './open-tpms.ts';

/** The parts from which the enrollments of a lab are created. */
export interface LabParts {
  readonly cloud: Cloud;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly tpms: readonly LabTpm[];
  readonly webhook: WebhookStandIn | undefined;
}

/**
 * Creates those enrollments of the lab file that do not exist yet. Saved enrollments, and changes through the service API, stay. Fails if
 * the service rejects an enrollment.
 */
export function enrollLab(lab: Lab, parts: LabParts): Result<undefined> {
  const { operator } = parts.cloud;
  const missing = Object.entries(lab.cloud.enrollmentGroups).filter(
    ([id]) => operator.enrollmentGroup(id) === undefined,
  );
  for (const [, { x509 }] of missing) {
    for (const name of x509?.caReference === undefined ? [] : [x509.caReference, x509.secondary]) {
      const authority = parts.authorities.get(name ?? '');
      // The lab owns these CAs, so they count as verified without a proof of possession.
      if (authority !== undefined) operator.uploadCaCertificate(authority.name, authority.minted.der, true);
    }
  }
  try {
    putHubAuthorities(lab.cloud.hubs, parts);
    enrollGroups(Object.fromEntries(missing), parts);
  } catch (error) {
    if (error instanceof StepProblem) return failed('enrollment', error.message);
    throw error;
  }
  for (const [registrationId, spec] of Object.entries(lab.enrollments)) {
    if (operator.enrollment(registrationId) !== undefined) continue;
    const result = operator.putEnrollment({
      registrationId,
      attestation: attestationOf(spec, lab, parts),
      ...defined({ deviceId: spec.deviceId }),
      provisioningStatus: spec.provisioningStatus,
      ...certificatePolicyNames(spec),
      ...enrollmentTerms(parts.webhook, spec),
    });
    if (!result.ok) {
      return failed(
        'enrollment',
        `the service rejects the enrollment of ${registrationId}: ${result.failure.sentence}`,
      );
    }
  }
  return done;
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
    if (primary === undefined)
      throw new Error(
        `internal error: the lab did not read the certificate file ${x509.certificate} before it made the enrollment`,
      );
    return { type: 'x509', primary, ...defined({ secondary }) };
  }
  const shared = typeof symmetricKey === 'string' ? keys[symmetricKey] : undefined;
  return { type: 'symmetricKey', primaryKey: shared ?? freshKey(64), secondaryKey: shared ?? freshKey(64) };
}

/** Returns the names of the TPMs of a lab: those of `--tpm`, then those that enrollments name. */
export function tpmNames(requested: readonly string[], lab: Lab): readonly string[] {
  const enrolled = Object.values(lab.enrollments).flatMap(({ tpm }) => (typeof tpm === 'string' ? [tpm] : []));
  return [...new Set([...requested, ...enrolled])];
}
