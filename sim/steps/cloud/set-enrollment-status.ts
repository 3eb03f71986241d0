import { z } from 'zod';
import { defineStep, type StepKind } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet whose individual enrollments are meant.').optional(),
  group: reference('group', 'Enrollment group that is meant.').optional(),
});

/** The cloud operator stops an enrollment. A hub that already knows the device is not told. */
export const disableEnrollmentStep = settingStatus(
  'disable-enrollment',
  'disabled',
  'An enrollment is disabled; devices that are in service stay.',
);

/** The cloud operator lets an enrollment work again. */
export const enableEnrollmentStep = settingStatus('enable-enrollment', 'enabled', 'An enrollment is enabled again.');

function settingStatus(name: string, provisioningStatus: 'enabled' | 'disabled', summary: string): StepKind {
  return defineStep({
    name,
    summary,
    args,
    uses: ['cloud', 'devices'],
    needs: () => ({ service: true }),
    run: async (world, words) => {
      if (words.group !== undefined) setGroup(world, words.group, provisioningStatus);
      for (const device of words.device === undefined ? [] : world.devices.select(words.device)) {
        const enrollment = world.cloud.operator.enrollment(await knownRegistrationId(device));
        if (enrollment === undefined)
          throw new StepProblem(`${device.name} has no individual enrollment; put enroll before ${name}`);
        const result = world.cloud.operator.putEnrollment({ ...enrollment, provisioningStatus });
        mustSucceed(result, 'the service rejects the new status');
        world.tell('cloud-operator', device.name, `its enrollment is ${provisioningStatus}`);
      }
      if (words.group === undefined && words.device === undefined)
        throw new StepProblem(`${name} needs device or group`);
    },
  });
}

function setGroup(world: StepWorld<'cloud'>, id: string, provisioningStatus: 'enabled' | 'disabled'): void {
  const group = world.cloud.operator.enrollmentGroup(id);
  if (group === undefined) throw new StepProblem(`there is no group "${id}" any more`);
  const result = world.cloud.operator.putEnrollmentGroup({ ...group, provisioningStatus });
  mustSucceed(result, 'the service rejects the new status');
  world.tell('cloud-operator', id, `the group is ${provisioningStatus}`);
}
