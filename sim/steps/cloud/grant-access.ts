import { z } from 'zod';
import { accessRights } from '../../../core/wire/access-right.ts';
import { defineStep } from '../define-step.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { tpmMakerSecretLocation } from '../shared/tpm-maker-secret-location.ts';

/** Creates a policy for the TPM maker. Any party with the key can use the rights for every enrollment. */
export const grantAccessStep = defineStep({
  name: 'grant-access',
  summary:
    'The cloud operator creates a shared access policy and hands its key to the TPM maker. An earlier key of a policy with the same name becomes invalid.',
  shorthand: 'policy',
  args: z.strictObject({
    policy: z.string().min(1).meta({ description: 'Name of the policy.' }),
    rights: z
      .array(z.enum(accessRights))
      .default(['EnrollmentWrite'])
      .meta({ description: 'Rights that the policy grants.' }),
  }),
  uses: ['cloud', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, { policy, rights }) => {
    const key = world.cloud.operator.putAccessPolicy(policy, rights);
    world.cloud.accessKeys.set(policy, { key, rights });
    const { secrets } = world.factory;
    const secret = secrets.create('access-key', `key of policy ${policy}`, key);
    secrets.setContent(dpsSecretLocation(`policy ${policy}`), [secret]);
    secrets.setContent(tpmMakerSecretLocation(policy), [secret]);
    world.tell(
      'cloud-operator',
      policy,
      `the key of a policy with ${rights.join(', ') || 'no rights'} is handed to the TPM maker`,
    );
  },
});
