import { defined } from '../../core/defined.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import type { GroupAttestation } from '../../core/wire/enrollment.ts';
import { freshKey } from '../../core/random.ts';
import type { Authority } from '../pki/authority.ts';
import type { GroupSpec } from '../scenario/schema.ts';
import { certificatePolicyNames, enrollmentTerms } from './enrollment-terms.ts';
import { mustSucceed } from './must-succeed.ts';
import { requireAuthority } from './require-authority.ts';
import type { WebhookStandIn } from './webhook-stand-in.ts';

/** The cloud that gets enrollment groups, and the CAs that these groups name. Scenarios and labs both have them. */
interface EnrollingCloud {
  readonly cloud: Pick<Cloud, 'operator'>;
  readonly webhook: WebhookStandIn | undefined;
  readonly authorities: ReadonlyMap<string, Authority>;
}

/**
 * Creates the enrollment groups that exist from the first instant.
 * @throws StepProblem if DPS rejects a group.
 */
export function enrollGroups(groups: Readonly<Record<string, GroupSpec>>, enrolling: EnrollingCloud): void {
  for (const [enrollmentGroupId, spec] of Object.entries(groups)) {
    const result = enrolling.cloud.operator.putEnrollmentGroup({
      enrollmentGroupId,
      attestation: attestationOf(spec, enrolling),
      provisioningStatus: spec.provisioningStatus,
      ...certificatePolicyNames(spec),
      ...enrollmentTerms(enrolling.webhook, spec),
    });
    mustSucceed(result, `DPS rejects enrollment group "${enrollmentGroupId}"`);
  }
}

function attestationOf(spec: GroupSpec, { authorities }: EnrollingCloud): GroupAttestation {
  if (spec.x509 === undefined) return { type: 'symmetricKey', primaryKey: freshKey(64), secondaryKey: freshKey(64) };
  const { ca, caReference, secondary } = spec.x509;
  if (caReference !== undefined) {
    return { type: 'caReference', primary: caReference, ...defined({ secondary }) };
  }
  return {
    type: 'x509',
    primary: requireAuthority(authorities, ca ?? '').minted.der,
    ...defined({
      secondary: secondary === undefined ? undefined : requireAuthority(authorities, secondary).minted.der,
    }),
  };
}
