import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireGroup } from '../shared/require-group.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

/** Enables one group and deletes another. A device that belongs only to the deleted group then has no enrollment. */
export const replaceGroupStep = defineStep({
  name: 'replace-group',
  summary: 'The cloud operator enables one enrollment group and deletes another. Devices in service stay connected.',
  shorthand: 'group',
  args: z.strictObject({
    group: reference('group', 'Group that the step deletes.'),
    by: reference('group', 'Group that the step enables in its place.'),
  }),
  uses: ['cloud', 'factory'],
  misuse: ({ group, by }) => {
    if (group !== by) return undefined;
    return `\`group\` and \`by\` both name "${group}", but a group cannot replace itself; name another group under \`by\``;
  },
  needs: () => ({ service: true }),
  run: async (world, { group, by }) => {
    const { operator } = world.cloud;
    const successor = requireGroup(operator, by);
    requireGroup(operator, group);
    operator.deleteEnrollmentGroup(group);
    world.factory.secrets.setContent(dpsSecretLocation(`group ${group}`), []);
    const result = operator.putEnrollmentGroup({ ...successor, provisioningStatus: 'enabled' });
    mustSucceed(result, `DPS rejects group "${by}"`);
    world.tell('cloud-operator', group, `the group ${by} replaces it`);
  },
});
