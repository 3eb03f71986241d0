import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** The cloud operator removes enrollments. Identities at hubs stay. */
export const deleteEnrollmentStep = defineStep({
  name: 'delete-enrollment',
  summary: 'An individual enrollment or a group is deleted; devices that are in service stay.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose individual enrollments are meant.').optional(),
    group: reference('group', 'Enrollment group that is meant.').optional(),
  }),
  uses: ['cloud', 'devices', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    const { secrets } = world.factory;
    if (words.group === undefined && words.device === undefined)
      throw new StepProblem('delete-enrollment needs device or group');
    if (words.group !== undefined && !world.cloud.operator.deleteEnrollmentGroup(words.group).ok) {
      throw new StepProblem(`there is no group "${words.group}" any more`);
    }
    if (words.group !== undefined) secrets.setContent(dpsSecretLocation(`group ${words.group}`), []);
    for (const device of words.device === undefined ? [] : world.devices.select(words.device)) {
      const registrationId = await knownRegistrationId(device);
      const deleted = world.cloud.operator.deleteEnrollment(registrationId);
      if (!deleted.ok) throw new StepProblem(`${device.name} has no individual enrollment`);
      secrets.setContent(dpsSecretLocation(`enrollment ${registrationId}`), []);
      world.tell('cloud-operator', device.name, 'its enrollment is deleted');
    }
  },
});
