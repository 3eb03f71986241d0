import type { EnrollmentGroup, IndividualEnrollment } from '../../core/enrollment.ts';
import { isRegistrationId, registrationKey } from '../../core/registration-id.ts';

/** The enrollment list. IDs are told apart without case. */
export class Enrollments {
  readonly #individual = new Map<string, IndividualEnrollment>();
  readonly #groups = new Map<string, EnrollmentGroup>();

  /** Creates or replaces. Returns a sentence where the service would not take it. */
  put(enrollment: IndividualEnrollment): string | undefined {
    const problem =
      invalidId(enrollment.registrationId) ?? unallocatable(enrollment) ?? this.#takenCertificate(enrollment);
    if (problem === undefined) this.#individual.set(registrationKey(enrollment.registrationId), enrollment);
    return problem;
  }

  /** Creates or replaces. Returns a sentence where the service would not take it. */
  putGroup(group: EnrollmentGroup): string | undefined {
    const problem = invalidId(group.enrollmentGroupId) ?? unallocatable(group);
    if (problem === undefined) this.#groups.set(registrationKey(group.enrollmentGroupId), group);
    return problem;
  }

  find(registrationId: string): IndividualEnrollment | undefined {
    return this.#individual.get(registrationKey(registrationId));
  }

  findGroup(enrollmentGroupId: string): EnrollmentGroup | undefined {
    return this.#groups.get(registrationKey(enrollmentGroupId));
  }

  groups(): readonly EnrollmentGroup[] {
    return [...this.#groups.values()];
  }

  delete(registrationId: string): boolean {
    return this.#individual.delete(registrationKey(registrationId));
  }

  deleteGroup(enrollmentGroupId: string): boolean {
    return this.#groups.delete(registrationKey(enrollmentGroupId));
  }

  /** One certificate may stand in one enrollment only. */
  #takenCertificate(enrollment: IndividualEnrollment): string | undefined {
    const mine = certificatesOf(enrollment);
    if (mine.length === 0) return undefined;
    for (const other of this.#individual.values()) {
      if (registrationKey(other.registrationId) === registrationKey(enrollment.registrationId)) continue;
      if (certificatesOf(other).some((theirs) => mine.some((one) => one.equals(theirs)))) {
        return `the certificate already stands in the enrollment of ${other.registrationId}`;
      }
    }
    return undefined;
  }
}

function certificatesOf({ attestation }: IndividualEnrollment): readonly Buffer[] {
  if (attestation.type !== 'x509') return [];
  return attestation.secondary === undefined ? [attestation.primary] : [attestation.primary, attestation.secondary];
}

function invalidId(id: string): string | undefined {
  if (isRegistrationId(id)) return undefined;
  return `"${id}" is no valid ID: expected up to 128 letters, digits and - . _ :, ending in a letter, digit or dash`;
}

function unallocatable(terms: { allocationPolicy?: string; hubs: readonly string[] }): string | undefined {
  if (terms.allocationPolicy !== 'static' || terms.hubs.length === 1) return undefined;
  return `static allocation needs exactly one hub, found ${terms.hubs.length}`;
}
