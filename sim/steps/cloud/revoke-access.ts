import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { tpmMakerSecretLocation } from '../shared/tpm-maker-secret-location.ts';

/** The key that was given away is worth nothing any more. What was done with it stays done. */
export const revokeAccessStep = defineStep({
  name: 'revoke-access',
  summary: 'A shared access policy is deleted, or gets other keys; enrollments that were made with it stay.',
  shorthand: 'policy',
  args: z.strictObject({
    policy: z.string().min(1).meta({ description: 'Name of a policy of grant-access.' }),
    how: z.enum(['delete', 'roll-keys']).default('delete').meta({
      description: 'roll-keys keeps the policy for others, who are told the new key.',
    }),
  }),
  uses: ['cloud', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, { policy, how }) => {
    const given = world.cloud.accessKeys.get(policy);
    if (given === undefined) throw new StepProblem(`no key of a policy "${policy}" was given away`);
    const { operator } = world.cloud;
    const { secrets } = world.factory;
    if (how === 'delete') operator.deleteAccessPolicy(policy);
    const key = how === 'delete' ? undefined : operator.putAccessPolicy(policy, given.rights);
    // A key that opens nothing is no secret any more.
    secrets.setContent(tpmMakerSecretLocation(policy), []);
    const next = key === undefined ? [] : [secrets.create('access-key', `key of policy ${policy}`, key)];
    secrets.setContent(dpsSecretLocation(`policy ${policy}`), next);
    world.tell('cloud-operator', policy, how === 'delete' ? 'the policy is deleted' : 'the policy has other keys');
  },
});
