import { succeeded } from '../../../core/result.ts';
import type { IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { readIndividualAttestation } from './read-attestation.ts';
import { readTerms } from './read-terms.ts';
import type { IndividualJson } from './shape.ts';
import type { Read } from './read.ts';

/**
 * Reads the JSON of an individual enrollment.
 *
 * @param former the enrollment to replace; keys that the JSON omits come from `former`.
 */
export function readIndividual(
  json: IndividualJson,
  former: IndividualEnrollment | undefined,
  linkedHubs: readonly string[],
): Read<IndividualEnrollment> {
  const attestation = readIndividualAttestation(json.attestation, former?.attestation);
  if (!attestation.ok) return attestation;
  const terms = readTerms(json, linkedHubs);
  if (!terms.ok) return terms;
  const { registrationId, deviceId, optionalDeviceInformation } = json;
  return succeeded({
    registrationId,
    ...(deviceId ? { deviceId } : {}),
    attestation: attestation.value,
    ...(optionalDeviceInformation ? { optionalDeviceInformation } : {}),
    ...terms.value,
  });
}
