import { z } from 'zod';
import { defineStep, type StepKind } from '../define-step.ts';
import { changeEnrollments, enrollmentWords, namesNoEnrollment } from '../shared/change-enrollments.ts';

/** Disables an enrollment. DPS does not notify the hub, so a device that is registered there stays in service. */
export const disableEnrollmentStep = settingStatus(
  'disable-enrollment',
  'disabled',
  'The cloud operator disables an enrollment. Devices in service stay connected.',
);

export const enableEnrollmentStep = settingStatus(
  'enable-enrollment',
  'enabled',
  'The cloud operator enables an enrollment again.',
);

function settingStatus(name: string, provisioningStatus: 'enabled' | 'disabled', summary: string): StepKind {
  return defineStep({
    name,
    summary,
    args: z.strictObject(enrollmentWords),
    uses: ['cloud', 'devices'],
    misuse: namesNoEnrollment,
    needs: () => ({ service: true }),
    run: (world, named) => changeEnrollments(world, name, named, { provisioningStatus }, `is ${provisioningStatus}`),
  });
}
