import { succeeded } from '../../../core/result.ts';
import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import type { Enrollments } from '../enrollments.ts';
import { readGroup } from '../enrollment-json/read-group.ts';
import { readShape } from '../enrollment-json/read.ts';
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
    read: (json, former) => {
      const shape = readShape(groupShape, json);
      if (!shape.ok) return shape;
      const read = readGroup(shape.value, former, linkedHubs);
      if (!read.ok) return read;
      return succeeded({ record: read.value, ...(shape.value.etag ? { etag: shape.value.etag } : {}) });
    },
    write: (stored, withKeys) => ({
      enrollmentGroupId: stored.enrollmentGroupId,
      attestation: writeAttestation(stored.attestation, withKeys ? 'values' : 'empty', 'signingCertificates'),
      ...writeTerms(stored),
    }),
    live: () => ({}),
    mechanism: ({ attestation }) => writeAttestation(attestation, 'values', 'signingCertificates'),
  };
}
