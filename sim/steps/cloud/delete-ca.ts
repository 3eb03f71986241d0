import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The cloud operator removes a CA certificate from the service. Groups that refer to it stay, and reach nothing. */
export const deleteCaStep = defineStep({
  name: 'delete-ca',
  summary: 'A CA certificate is deleted from the service; devices that are in service stay.',
  shorthand: 'ca',
  args: z.strictObject({ ca: reference('ca', 'CA that was uploaded.') }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { ca }) => {
    if (!world.cloud.operator.deleteCaCertificate(ca).ok) {
      throw new StepProblem(`the service holds no certificate of ${ca}; put upload-ca before delete-ca`);
    }
    world.tell('cloud-operator', ca, 'its certificate is deleted from the service');
  },
});
