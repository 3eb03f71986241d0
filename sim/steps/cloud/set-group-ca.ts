import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireAuthority } from '../../world/require-authority.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

/** The cloud operator changes which CAs the devices of a group may stand under. */
export const setGroupCaStep = defineStep({
  name: 'set-group-ca',
  summary: 'A group gets another CA, or a second one for the time of a change; devices in service stay.',
  shorthand: 'group',
  args: z.strictObject({
    group: reference('group', 'Enrollment group by CA certificates.'),
    ca: reference('ca', 'The primary CA from now on.'),
    secondary: reference('ca', 'The secondary CA from now on; none where absent.').optional(),
  }),
  uses: ['cloud', 'pki'],
  run: async (world, { group: id, ca, secondary }) => {
    const { operator } = world.cloud;
    const group = operator.enrollmentGroup(id);
    if (group?.attestation.type !== 'x509') throw new StepProblem(`there is no group "${id}" by CA certificates`);
    const primary = requireAuthority(world.pki.authorities, ca).minted.der;
    const second =
      secondary === undefined ? {} : { secondary: requireAuthority(world.pki.authorities, secondary).minted.der };
    const attestation = { type: 'x509', primary, ...second } as const;
    mustSucceed(operator.putEnrollmentGroup({ ...group, attestation }), 'the service rejects the change');
    world.tell('cloud-operator', id, `the group trusts ${secondary === undefined ? ca : `${ca} and ${secondary}`}`);
  },
});
