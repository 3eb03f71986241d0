import { succeeded } from '../../../core/result.ts';
import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import { readGroupAttestation } from './read-attestation.ts';
import { readTerms } from './read-terms.ts';
import type { GroupJson } from './shape.ts';
import type { Read } from './read.ts';

/**
 * Reads the JSON of an enrollment group.
 *
 * @param former the group to replace; keys that the JSON omits come from `former`.
 */
export function readGroup(
  json: GroupJson,
  former: EnrollmentGroup | undefined,
  linkedHubs: readonly string[],
): Read<EnrollmentGroup> {
  const attestation = readGroupAttestation(json.attestation, former?.attestation);
  if (!attestation.ok) return attestation;
  const terms = readTerms(json, linkedHubs);
  if (!terms.ok) return terms;
  return succeeded({ enrollmentGroupId: json.enrollmentGroupId, attestation: attestation.value, ...terms.value });
}
