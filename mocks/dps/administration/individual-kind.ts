import { defined } from '../../../core/defined.ts';
import type { IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { Enrollments, Stored } from '../enrollments.ts';
import { readIndividual } from '../enrollment-json/read-individual.ts';
import { readEntry } from '../enrollment-json/read-entry.ts';
import { individualShape } from '../enrollment-json/shape.ts';
import { writeAttestation } from '../enrollment-json/write-attestation.ts';
import { writeTerms } from '../enrollment-json/write-terms.ts';
import { operationBody, type Registrations } from '../registrations.ts';
import type { EnrollmentKind } from './enrollment-kind.ts';

/** Returns the API operations for individual enrollments. */
export function individualKind(
  enrollments: Enrollments,
  registrations: Registrations,
  linkedHubs: readonly string[],
): EnrollmentKind<IndividualEnrollment> {
  return {
    itemType: 'enrollment',
    idWord: 'registrationId',
    listWord: 'enrollments',
    idOf: ({ registrationId }) => registrationId,
    find: (id) => enrollments.find(id),
    list: () => enrollments.individuals(),
    put: (record) => enrollments.put(record),
    delete: (id) => enrollments.delete(id),
    read: (json, former) => readEntry(individualShape, json, (shaped) => readIndividual(shaped, former, linkedHubs)),
    write: writeIndividual,
    live: ({ registrationId }) => {
      const record = registrations.latest(registrationId);
      return record === undefined || record.enrollmentGroupId !== undefined
        ? {}
        : { registrationState: operationBody.state(record) };
    },
    mechanism: ({ attestation }) => writeAttestation(attestation, 'values', 'clientCertificates'),
  };
}

function writeIndividual(stored: Stored<IndividualEnrollment>, withKeys: boolean): object {
  const { registrationId, deviceId, optionalDeviceInformation, attestation } = stored;
  return {
    registrationId,
    ...defined({ deviceId, optionalDeviceInformation }),
    attestation: writeAttestation(attestation, withKeys ? 'values' : 'empty', 'clientCertificates'),
    ...writeTerms(stored),
  };
}
