import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { enrollmentWords, namesNoEnrollment } from '../shared/change-enrollments.ts';
import { requireGroup } from '../shared/require-group.ts';

/** Deletes enrollments. The device identities at hubs stay. */
export const deleteEnrollmentStep = defineStep({
  name: 'delete-enrollment',
  summary: 'The cloud operator deletes an individual enrollment or a group. Devices in service stay connected.',
  args: z.strictObject(enrollmentWords),
  uses: ['cloud', 'devices', 'factory'],
  misuse: namesNoEnrollment,
  needs: () => ({ service: true }),
  run: async (world, named) => {
    const { operator } = world.cloud;
    const { secrets } = world.factory;
    if (named.group !== undefined) {
      requireGroup(operator, named.group);
      operator.deleteEnrollmentGroup(named.group);
      secrets.setContent(dpsSecretLocation(`group ${named.group}`), []);
    }
    for (const device of named.device === undefined ? [] : world.devices.select(named.device)) {
      const registrationId = await knownRegistrationId(device);
      if (!operator.deleteEnrollment(registrationId).ok) {
        throw new StepProblem(`${device.name} has no individual enrollment; put enroll before delete-enrollment`);
      }
      secrets.setContent(dpsSecretLocation(`enrollment ${registrationId}`), []);
      world.tell('cloud-operator', device.name, 'its enrollment is deleted');
    }
  },
});
