import { z } from 'zod';
import { registryWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { defineStep } from '../define-step.ts';

/** Deletes a certificate policy. Enrollments that name it get no certificate any more; issued certificates stay valid. */
export const deleteCertificatePolicyStep = defineStep({
  name: 'delete-certificate-policy',
  summary: 'The cloud operator deletes a certificate policy. Devices stay in service until their certificates expire.',
  shorthand: 'name',
  args: z.strictObject({ name: registryWord('Name of the policy, in any namespace.') }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { name }) => {
    const { registry } = world.cloud.operator;
    const found = registry.policies().find(({ policy }) => policy === name);
    if (found === undefined)
      throw new StepProblem(
        `the device registry has no policy "${name}"; put create-certificate-policy before this step`,
      );
    mustSucceed(registry.deletePolicy(found), `the policy ${name} cannot be deleted`);
    world.tell('cloud-operator', name, 'the certificate policy is deleted');
  },
});
