import { defined } from '../../../core/defined.ts';
import { isoInstant } from '../../../core/time/clock.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { LabView } from '../../../reports/html/live-api.ts';
import type { Controlled } from './controlled.ts';

/** Maximum number of twins of each hub, so that a page with a large fleet stays small. */
const twinLimit = 200;

/** Returns the parts of a lab: enrollments, hubs with their twins, and TPMs. The result contains no key. */
export function labOverview({ clock, cloud, parts }: Controlled): LabView {
  const { operator } = cloud;
  return {
    now: isoInstant(clock.now()),
    idScope: parts.idScope,
    enrollments: operator.enrollments().map(individual),
    enrollmentGroups: operator.enrollmentGroups().map(group),
    hubs: Object.entries(parts.hubs).map(([name, host]) => ({
      name,
      host,
      ...(parts.hubNames[name] && { names: parts.hubNames[name] }),
      ...operator.hubView(host, twinLimit),
    })),
    tpms: Object.entries(parts.tpms).map(([name, { registrationId, simulator }]) => ({
      name,
      registrationId,
      simulator,
    })),
  };
}

function individual({
  registrationId,
  deviceId,
  attestation,
  provisioningStatus,
}: IndividualEnrollment): LabView['enrollments'][number] {
  return { registrationId, ...defined({ deviceId }), attestation: attestation.type, status: provisioningStatus };
}

function group({
  enrollmentGroupId,
  attestation,
  provisioningStatus,
}: EnrollmentGroup): LabView['enrollmentGroups'][number] {
  return { enrollmentGroupId, attestation: attestation.type, status: provisioningStatus };
}
