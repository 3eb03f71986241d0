import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** Deletes a CA certificate. Groups that refer to the certificate stay, but they accept no device any more. */
export const deleteCaStep = defineStep({
  name: 'delete-ca',
  summary: 'The cloud operator deletes a CA certificate from DPS. Devices in service stay connected.',
  shorthand: 'ca',
  args: z.strictObject({ ca: reference('ca', 'CA from an earlier upload-ca step.') }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { ca }) => {
    if (!world.cloud.operator.deleteCaCertificate(ca).ok) {
      throw new StepProblem(`DPS has no certificate of the CA "${ca}"; put upload-ca before delete-ca`, {
        stepsBefore: [{ 'upload-ca': ca }],
      });
    }
    world.tell('cloud-operator', ca, 'its certificate is deleted from DPS');
  },
});
