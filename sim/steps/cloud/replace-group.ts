import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

/** The cloud operator lets one group go and another in. Who belongs to neither by then is enrolled nowhere. */
export const replaceGroupStep = defineStep({
  name: 'replace-group',
  summary: 'A group is enabled and takes the place of another, which is deleted; devices that are in service stay.',
  shorthand: 'group',
  args: z.strictObject({
    group: reference('group', 'Group that is deleted.'),
    by: reference('group', 'Group that is enabled.'),
  }),
  uses: ['cloud', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, { group, by }) => {
    const { operator } = world.cloud;
    const successor = operator.enrollmentGroup(by);
    if (group === by) throw new StepProblem('a group cannot take its own place; name another one under by');
    if (successor === undefined) throw new StepProblem(`there is no group "${by}" any more`);
    if (!operator.deleteEnrollmentGroup(group).ok) throw new StepProblem(`there is no group "${group}" any more`);
    world.factory.secrets.setContent(dpsSecretLocation(`group ${group}`), []);
    const result = operator.putEnrollmentGroup({ ...successor, provisioningStatus: 'enabled' });
    mustSucceed(result, `the service rejects group ${by}`);
    world.tell('cloud-operator', group, `the group ${by} takes its place`);
  },
});
