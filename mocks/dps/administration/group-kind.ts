import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import type { Enrollments } from '../enrollments.ts';
import { readGroup } from '../enrollment-json/read-group.ts';
import { readEntry } from '../enrollment-json/read-entry.ts';
import { groupShape } from '../enrollment-json/shape.ts';
import { writeAttestation } from '../enrollment-json/write-attestation.ts';
import { writeTerms } from '../enrollment-json/write-terms.ts';
import type { EnrollmentKind } from './enrollment-kind.ts';

/** Returns the API operations for enrollment groups. */
export function groupKind(enrollments: Enrollments, linkedHubs: readonly string[]): EnrollmentKind<EnrollmentGroup> {
  return {
    itemType: 'enrollmentGroup',
    idWord: 'enrollmentGroupId',
    listWord: 'enrollmentGroups',
    idOf: ({ enrollmentGroupId }) => enrollmentGroupId,
    find: (id) => enrollments.findGroup(id),
    list: () => enrollments.groups(),
    put: (record) => enrollments.putGroup(record),
    delete: (id) => enrollments.deleteGroup(id),
    read: (json, former) => readEntry(groupShape, json, (shaped) => readGroup(shaped, former, linkedHubs)),
    write: (stored, withKeys) => ({
      enrollmentGroupId: stored.enrollmentGroupId,
      attestation: writeAttestation(stored.attestation, withKeys ? 'values' : 'empty', 'signingCertificates'),
      ...writeTerms(stored),
    }),
    live: () => ({}),
    mechanism: ({ attestation }) => writeAttestation(attestation, 'values', 'signingCertificates'),
  };
}
