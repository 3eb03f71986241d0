import { defined } from '../../core/defined.ts';
import type { GroupAttestation } from '../../core/wire/enrollment.ts';
import { freshKey } from '../../core/random.ts';
import { enrollmentTerms } from './enrollment-terms.ts';
import type { GroupSpec } from '../scenario/schema.ts';
import { authorityOf } from '../steps/shared/authority-of.ts';
import { mustSucceed } from './must-succeed.ts';
import type { World } from './world.ts';

/** What enrolling needs of a world; a lab has that much, too. */
export interface EnrollingWorld extends Pick<World, 'cloud' | 'authorities' | 'webhook'> {
  readonly scenario: { readonly cloud: Pick<World['scenario']['cloud'], 'enrollmentGroups'> };
}

/** Makes the enrollment groups that a scenario has from its first instant. */
export function enrollGroups(world: EnrollingWorld): void {
  for (const [enrollmentGroupId, spec] of Object.entries(world.scenario.cloud.enrollmentGroups)) {
    const result = world.cloud.operator.putEnrollmentGroup({
      enrollmentGroupId,
      attestation: attestationOf(spec, world),
      provisioningStatus: spec.provisioningStatus,
      ...defined({ credentialPolicyName: spec.credentialPolicy }),
      ...enrollmentTerms(world, spec),
    });
    mustSucceed(result, `the service rejects group ${enrollmentGroupId}`);
  }
}

function attestationOf(spec: GroupSpec, world: EnrollingWorld): GroupAttestation {
  if (spec.x509 === undefined) return { type: 'symmetricKey', primaryKey: freshKey(64), secondaryKey: freshKey(64) };
  const { ca, caReference, secondary } = spec.x509;
  if (caReference !== undefined) {
    return { type: 'caReference', primary: caReference, ...defined({ secondary }) };
  }
  return {
    type: 'x509',
    primary: authorityOf(world, ca ?? '').minted.der,
    ...(secondary === undefined ? {} : { secondary: authorityOf(world, secondary).minted.der }),
  };
}
