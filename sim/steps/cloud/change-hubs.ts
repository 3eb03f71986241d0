import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

/** The cloud operator points enrollments at other hubs. Devices learn of it when they register again. */
export const changeHubsStep = defineStep({
  name: 'change-hubs',
  summary: 'An enrollment names other hubs; devices in service stay until they register again.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose individual enrollments are meant.').optional(),
    group: reference('group', 'Enrollment group that is meant.').optional(),
    hubs: z.array(reference('hub', 'Name of a hub.')).meta({ description: 'Hubs to choose from; all where empty.' }),
  }),
  uses: ['cloud', 'devices'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    if (words.group === undefined && words.device === undefined)
      throw new StepProblem('change-hubs needs device or group');
    const { operator } = world.cloud;
    const hubs = words.hubs.map(hubHost);
    const told = words.hubs.join(', ') || 'all hubs';
    if (words.group !== undefined) {
      const group = operator.enrollmentGroup(words.group);
      if (group === undefined) throw new StepProblem(`there is no group "${words.group}" any more`);
      mustSucceed(operator.putEnrollmentGroup({ ...group, hubs }), 'the service rejects the change');
      world.tell('cloud-operator', words.group, `the group goes to ${told}`);
    }
    for (const device of words.device === undefined ? [] : world.devices.select(words.device)) {
      const enrollment = operator.enrollment(await knownRegistrationId(device));
      if (enrollment === undefined)
        throw new StepProblem(`${device.name} has no individual enrollment; put enroll before change-hubs`);
      mustSucceed(operator.putEnrollment({ ...enrollment, hubs }), 'the service rejects the change');
      world.tell('cloud-operator', device.name, `its enrollment goes to ${told}`);
    }
  },
});
