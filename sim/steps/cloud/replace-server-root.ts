import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The owner of the cloud moves its servers under another root. Devices learn of it when they connect next. */
export const replaceServerRootStep = defineStep({
  name: 'replace-server-root',
  summary: 'From now on the servers of DPS and hubs show certificates under another root.',
  shorthand: 'root',
  args: z.strictObject({
    root: reference('root', 'Name of one of the server roots of the cloud.'),
    crossSigned: z.boolean().default(false).meta({
      description: 'Whether the former root vouches for the new one, for devices that know only the former.',
    }),
  }),
  uses: ['cloud'],
  run: async (world, { root, crossSigned }) => {
    const replaced = await world.cloud.operator.replaceServerRoot(root, { crossSigned });
    if (!replaced.ok) throw new StepProblem(`the cloud has no server root "${root}"`);
    world.tell('cloud-operator', root, `the servers stand under this root${crossSigned ? ', cross-signed' : ''}`);
  },
});
