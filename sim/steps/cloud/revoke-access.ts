import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { tpmMakerSecretLocation } from '../shared/tpm-maker-secret-location.ts';

/** Revokes an access policy. The granted key becomes invalid, but changes that were made with it stay. */
export const revokeAccessStep = defineStep({
  name: 'revoke-access',
  summary:
    'The cloud operator deletes a shared access policy or rolls its keys. Enrollments that were created with such a key stay.',
  shorthand: 'policy',
  args: z.strictObject({
    policy: z.string().min(1).meta({ description: 'Name of a policy from grant-access.' }),
    how: z.enum(['delete', 'roll-keys']).default('delete').meta({
      description: 'roll-keys keeps the policy for its other users, who get the new key.',
    }),
  }),
  uses: ['cloud', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, { policy, how }) => {
    const given = world.cloud.accessKeys.get(policy);
    if (given === undefined)
      throw new StepProblem(`no key of a policy "${policy}" was granted; put grant-access before revoke-access`, {
        stepsBefore: [{ 'grant-access': policy }],
      });
    const { operator } = world.cloud;
    const { secrets } = world.factory;
    if (how === 'delete') operator.deleteAccessPolicy(policy);
    const key = how === 'delete' ? undefined : operator.putAccessPolicy(policy, given.rights);
    // The key is now invalid and therefore no longer a secret.
    secrets.setContent(tpmMakerSecretLocation(policy), []);
    const next = key === undefined ? [] : [secrets.create('access-key', `key of policy ${policy}`, key)];
    secrets.setContent(dpsSecretLocation(`policy ${policy}`), next);
    world.tell(
      'cloud-operator',
      policy,
      how === 'delete' ? 'the policy is deleted' : 'the keys of the policy are rolled',
    );
  },
});
