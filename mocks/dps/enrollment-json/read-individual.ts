import type { IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { readIndividualAttestation } from './read-attestation.ts';
import { readTerms } from './read-terms.ts';
import type { IndividualJson } from './shape.ts';
import type { Read } from './read.ts';

/** The individual enrollment that a client wrote. @param former the one that it replaces, where keys may be kept from. */
export function readIndividual(
  json: IndividualJson,
  former: IndividualEnrollment | undefined,
  linkedHubs: readonly string[],
): Read<IndividualEnrollment> {
  const attestation = readIndividualAttestation(json.attestation, former?.attestation);
  if ('problem' in attestation) return attestation;
  const terms = readTerms(json, linkedHubs);
  if ('problem' in terms) return terms;
  const { registrationId, deviceId, optionalDeviceInformation } = json;
  return {
    value: {
      registrationId,
      ...(deviceId ? { deviceId } : {}),
      attestation: attestation.value,
      ...(optionalDeviceInformation ? { optionalDeviceInformation } : {}),
      ...terms.value,
    },
  };
}
