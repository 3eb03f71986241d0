import { defined } from '../../../core/defined.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { utcTicks } from '../answer.ts';
import type { Stored } from '../enrollments.ts';

/** Returns the fields that individual enrollments and groups have in common. Omits fields without a value. */
export function writeTerms(stored: Stored<IndividualEnrollment> | Stored<EnrollmentGroup>): object {
  const { allocationPolicy, hubs, customAllocation, initialTwin, reprovisionPolicy, credentialPolicyName } = stored;
  const { namespaceName, certificateAuthorityName, certificatePolicyName } = stored;
  return {
    capabilities: { iotEdge: stored.iotEdge ?? false },
    ...defined({ initialTwin }),
    etag: stored.etag,
    provisioningStatus: stored.provisioningStatus,
    ...defined({ reprovisionPolicy }),
    createdDateTimeUtc: utcTicks(stored.createdAt),
    lastUpdatedDateTimeUtc: utcTicks(stored.updatedAt),
    ...defined({ allocationPolicy }),
    ...(hubs.length === 0 ? {} : { iotHubs: hubs }),
    ...defined({ customAllocationDefinition: customAllocation, credentialPolicyName }),
    ...defined({ namespaceName, certificateAuthorityName, certificatePolicyName }),
  };
}
