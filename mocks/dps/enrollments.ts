import type { Clock, Millis } from '../../core/clock.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../core/enrollment.ts';
import { problems } from '../../core/problems.ts';
import type { Random } from '../../core/random.ts';
import { isRegistrationId, registrationKey } from '../../core/registration-id.ts';

/** What the service notes about each enrollment when it is written. */
export interface EnrollmentStamp {
  /** With its quotes. */
  readonly etag: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/** The enrollment list. IDs are told apart without case. */
export class Enrollments {
  readonly #individual = new Map<string, IndividualEnrollment>();
  readonly #groups = new Map<string, EnrollmentGroup>();
  readonly #stamps = new WeakMap<IndividualEnrollment | EnrollmentGroup, EnrollmentStamp>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Creates or replaces. Returns a sentence where the service would not take it. */
  put(enrollment: IndividualEnrollment): string | undefined {
    const problem =
      invalidId(enrollment.registrationId) ?? unallocatable(enrollment) ?? this.#takenCertificate(enrollment);
    if (problem !== undefined) return problem;
    this.#stamp(enrollment, this.find(enrollment.registrationId));
    this.#individual.set(registrationKey(enrollment.registrationId), enrollment);
    return undefined;
  }

  /** Creates or replaces. Returns a sentence where the service would not take it. */
  putGroup(group: EnrollmentGroup): string | undefined {
    const problem = invalidId(group.enrollmentGroupId) ?? unallocatable(group);
    if (problem !== undefined) return problem;
    this.#stamp(group, this.findGroup(group.enrollmentGroupId));
    this.#groups.set(registrationKey(group.enrollmentGroupId), group);
    return undefined;
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

  /** When an enrollment of the list was written, and under which ETag. */
  stampOf(enrollment: IndividualEnrollment | EnrollmentGroup): EnrollmentStamp {
    return this.#stamps.get(enrollment) ?? this.#stamp(enrollment, undefined);
  }

  #stamp(
    enrollment: IndividualEnrollment | EnrollmentGroup,
    former: IndividualEnrollment | EnrollmentGroup | undefined,
  ): EnrollmentStamp {
    const updatedAt = this.#clock.now();
    const createdAt = (former === undefined ? undefined : this.#stamps.get(former)?.createdAt) ?? updatedAt;
    const stamp = { etag: `"${this.#random.uuid()}"`, createdAt, updatedAt };
    this.#stamps.set(enrollment, stamp);
    return stamp;
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

function unallocatable({ allocationPolicy, hubs, customAllocation }: AllocationTerms): string | undefined {
  if (allocationPolicy === 'static' && hubs.length !== 1) {
    return `static allocation needs exactly one hub, found ${hubs.length}`;
  }
  if (allocationPolicy !== 'custom') return undefined;
  if (customAllocation === undefined) return problems.customAllocationRequired.message;
  const { webhookUrl, apiVersion } = customAllocation;
  if (!URL.canParse(webhookUrl) || !/^https?:/i.test(webhookUrl)) return `"${webhookUrl}" is no URL of a webhook`;
  return apiVersion >= firstWithWebhooks
    ? undefined
    : `custom allocation needs apiVersion ${firstWithWebhooks} or later, found "${apiVersion}"`;
}

type AllocationTerms = Pick<EnrollmentGroup, 'allocationPolicy' | 'hubs' | 'customAllocation'>;

const firstWithWebhooks = '2018-09-01-preview';
