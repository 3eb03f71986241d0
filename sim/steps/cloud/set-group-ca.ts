import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireGroup } from '../shared/require-group.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireAuthority } from '../../world/require-authority.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

export const setGroupCaStep = defineStep({
  name: 'set-group-ca',
  summary:
    'The cloud operator changes the CAs of a group, or adds a second CA during a change. Devices in service stay connected.',
  shorthand: 'group',
  args: z.strictObject({
    group: reference('group', 'Enrollment group that attests by CA certificates.'),
    ca: reference('ca', 'The new primary CA.'),
    secondary: reference('ca', 'The new secondary CA. Default: none.').optional(),
  }),
  uses: ['cloud', 'pki'],
  run: async (world, { group: id, ca, secondary }) => {
    const { operator } = world.cloud;
    const group = requireGroup(operator, id);
    if (group.attestation.type !== 'x509') {
      throw new StepProblem(
        `group "${id}" does not attest by the certificates of CAs; name a group whose x509 gives ca`,
      );
    }
    const primary = requireAuthority(world.pki.authorities, ca).minted.der;
    const second = secondary === undefined ? undefined : requireAuthority(world.pki.authorities, secondary).minted.der;
    const attestation = { type: 'x509', primary, ...defined({ secondary: second }) } as const;
    mustSucceed(operator.putEnrollmentGroup({ ...group, attestation }), `DPS rejects the change of group "${id}"`);
    world.tell('cloud-operator', id, `the group trusts ${secondary === undefined ? ca : `${ca} and ${secondary}`}`);
  },
});
