import type { Clock, Millis } from '../../core/time/clock.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { deviceIdRule, isDeviceId } from '../../core/wire/device-id.ts';
import { invalid, problems, type Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';
import { isRegistrationId, registrationKey } from '../../core/wire/registration-id.ts';
import { initialTwinViolation } from '../../core/wire/twin-rules.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';

/** The metadata that the service keeps with each stored entry. */
export interface Stamp {
  /** Base64 of a quoted UUID. The ETag changes with every update. */
  readonly etag: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

export type Stored<Entry> = Entry & Stamp;

interface Saved {
  readonly individual: readonly Stored<IndividualEnrollment>[];
  readonly groups: readonly Stored<EnrollmentGroup>[];
}

/** The enrollments of the service. The case of IDs does not matter. */
export class Enrollments implements Store {
  readonly #individual = new WatchedMap<Stored<IndividualEnrollment>>();
  readonly #groups = new WatchedMap<Stored<EnrollmentGroup>>();
  readonly parts = { individual: this.#individual, groups: this.#groups };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #fidelity: FidelitySettings;

  constructor(clock: Clock, random: Random, fidelity: FidelitySettings) {
    this.#clock = clock;
    this.#random = random;
    this.#fidelity = fidelity;
  }

  /** Creates or replaces an individual enrollment. Returns the problem if the service refuses the enrollment. */
  put(enrollment: IndividualEnrollment): Problem | undefined {
    const key = registrationKey(enrollment.registrationId);
    const former = this.#individual.get(key);
    const problem =
      invalidId(enrollment.registrationId) ??
      invalidDeviceId(enrollment) ??
      invalidTwin(enrollment, this.#fidelity) ??
      unallocatable(enrollment) ??
      this.#takenCertificate(enrollment) ??
      this.#takenEndorsementKey(enrollment) ??
      (former === undefined ? beyond(this.#individual.size, limits.individual, 'individual enrollments') : undefined);
    if (problem === undefined) this.#individual.set(key, { ...enrollment, ...this.#stamp(former) });
    return problem;
  }

  /** Creates or replaces an enrollment group. Returns the problem if the service refuses the group. */
  putGroup(group: EnrollmentGroup): Problem | undefined {
    const key = registrationKey(group.enrollmentGroupId);
    const problem =
      invalidId(group.enrollmentGroupId) ??
      invalidTwin(group, this.#fidelity) ??
      unallocatable(group) ??
      this.#beyondGroups(group, key);
    if (problem === undefined) this.#groups.set(key, { ...group, ...this.#stamp(this.#groups.get(key)) });
    return problem;
  }

  find(registrationId: string): Stored<IndividualEnrollment> | undefined {
    return this.#individual.get(registrationKey(registrationId));
  }

  findGroup(enrollmentGroupId: string): Stored<EnrollmentGroup> | undefined {
    return this.#groups.get(registrationKey(enrollmentGroupId));
  }

  /** Returns the individual enrollments in the order of their creation. */
  individuals(): readonly Stored<IndividualEnrollment>[] {
    return [...this.#individual.values()];
  }

  groups(): readonly Stored<EnrollmentGroup>[] {
    return [...this.#groups.values()];
  }

  /** Returns the metadata of an enrollment. */
  stampOf(enrollment: IndividualEnrollment | EnrollmentGroup): Stamp {
    const stored =
      'registrationId' in enrollment
        ? this.find(enrollment.registrationId)
        : this.findGroup(enrollment.enrollmentGroupId);
    return stored ?? this.#stamp(undefined);
  }

  delete(registrationId: string): boolean {
    return this.#individual.delete(registrationKey(registrationId));
  }

  deleteGroup(enrollmentGroupId: string): boolean {
    return this.#groups.delete(registrationKey(enrollmentGroupId));
  }

  save(): Saved {
    return { individual: this.individuals(), groups: this.groups() };
  }

  load({ individual, groups }: Saved): void {
    this.#individual.clear();
    this.#groups.clear();
    for (const one of individual) this.#individual.set(registrationKey(one.registrationId), one);
    for (const one of groups) this.#groups.set(registrationKey(one.enrollmentGroupId), one);
  }

  #stamp(former: Stamp | undefined): Stamp {
    const now = this.#clock.now();
    return { etag: freshETag(this.#random), createdAt: former?.createdAt ?? now, updatedAt: now };
  }

  /** Returns the problem if the limit of groups is reached. X.509 groups and symmetric-key groups have separate limits. */
  #beyondGroups(group: EnrollmentGroup, key: string): Problem | undefined {
    const kind = kindOf(group);
    const others = [...this.#groups].filter(
      ([other, { attestation }]) => other !== key && kindOf({ attestation }) === kind,
    );
    return beyond(others.length, limits.groupsOfAKind, `${kind} enrollment groups`);
  }

  /** Returns the problem if another enrollment has the same certificate. */
  #takenCertificate(enrollment: IndividualEnrollment): Problem | undefined {
    const mine = certificatesOf(enrollment);
    if (mine.length === 0) return undefined;
    for (const other of this.#individual.values()) {
      if (registrationKey(other.registrationId) === registrationKey(enrollment.registrationId)) continue;
      if (certificatesOf(other).some((theirs) => mine.some((one) => one.equals(theirs)))) {
        return invalid(
          `the certificate is already in the enrollment of ${other.registrationId}; use another certificate`,
        );
      }
    }
    return undefined;
  }

  /**
   * Returns the problem if another enrollment has the same endorsement key and the switch `duplicateEndorsementKey` forbids
   * this.
   */
  #takenEndorsementKey({ registrationId, attestation }: IndividualEnrollment): Problem | undefined {
    if (attestation.type !== 'tpm' || this.#fidelity.duplicateEndorsementKey === 'accept') return undefined;
    for (const other of this.#individual.values()) {
      const isOther = registrationKey(other.registrationId) !== registrationKey(registrationId);
      if (!isOther || other.attestation.type !== 'tpm') continue;
      if (other.attestation.endorsementKey.equals(attestation.endorsementKey)) {
        return invalid(
          `the endorsement key is already in the enrollment of ${other.registrationId}; use the key of another TPM`,
        );
      }
    }
    return undefined;
  }
}

/** Returns an ETag in the form of the service: base64 of a quoted UUID. */
export function freshETag(random: Random): string {
  return Buffer.from(`"${random.uuid()}"`).toString('base64');
}

/** Maximum numbers of individual enrollments and of groups of each kind in one service. */
const limits = { individual: 1_000_000, groupsOfAKind: 100 } as const;

function beyond(count: number, limit: number, what: string): Problem | undefined {
  return count < limit ? undefined : invalid(`the service stores up to ${limit} ${what}; delete one first`);
}

function kindOf({ attestation }: Pick<EnrollmentGroup, 'attestation'>): 'X.509' | 'symmetric-key' {
  return attestation.type === 'symmetricKey' ? 'symmetric-key' : 'X.509';
}

function certificatesOf({ attestation }: IndividualEnrollment): readonly Buffer[] {
  if (attestation.type !== 'x509') return [];
  return attestation.secondary === undefined ? [attestation.primary] : [attestation.primary, attestation.secondary];
}

function invalidId(id: string): Problem | undefined {
  if (isRegistrationId(id)) return undefined;
  return invalid(
    `"${id}" is not a valid ID: expected up to 128 letters, digits and - . _ :, ending in a letter, digit or dash`,
  );
}

/** Returns the problem for a device ID that a hub would refuse when the device registers. */
function invalidDeviceId({ deviceId }: IndividualEnrollment): Problem | undefined {
  if (deviceId === undefined || isDeviceId(deviceId)) return undefined;
  return invalid(`deviceId "${deviceId}" is not a valid device ID: expected ${deviceIdRule}`);
}

function invalidTwin(
  { initialTwin }: Pick<EnrollmentGroup, 'initialTwin'>,
  rules: FidelitySettings,
): Problem | undefined {
  const violation = initialTwin === undefined ? undefined : initialTwinViolation(initialTwin, rules);
  return violation === undefined
    ? undefined
    : invalid(`initialTwin.${violation.path.join('.')}: ${violation.sentence}`);
}

function unallocatable({ allocationPolicy, hubs, customAllocation }: AllocationTerms): Problem | undefined {
  if (allocationPolicy === 'static' && hubs.length > 1) {
    return invalid(`static allocation needs one hub, found ${hubs.length}; name one hub in iotHubs`);
  }
  if (allocationPolicy !== 'custom') return undefined;
  if (customAllocation === undefined) return problems.customAllocationRequired;
  const { webhookUrl, apiVersion } = customAllocation;
  if (!URL.canParse(webhookUrl) || !/^https?:/i.test(webhookUrl)) {
    return invalid(`"${webhookUrl}" is not a webhook URL; expected http:// or https://`);
  }
  return apiVersion >= firstWithWebhooks
    ? undefined
    : invalid(`custom allocation needs apiVersion ${firstWithWebhooks} or later, found "${apiVersion}"`);
}

type AllocationTerms = Pick<EnrollmentGroup, 'allocationPolicy' | 'hubs' | 'customAllocation'>;

const firstWithWebhooks = '2018-09-01-preview';
