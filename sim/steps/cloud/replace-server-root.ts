import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** Replaces the server certificates. Devices see the new certificates at their next connection. */
export const replaceServerRootStep = defineStep({
  name: 'replace-server-root',
  summary: 'The servers of DPS and hubs get certificates that chain to another root.',
  shorthand: 'root',
  args: z.strictObject({
    root: reference('root', 'Name of one of the server roots of the cloud.'),
    crossSigned: z.boolean().default(false).meta({
      description:
        'Whether the former root also signs the new root, so that devices that trust only the former root accept the servers.',
    }),
  }),
  uses: ['cloud'],
  run: async (world, { root, crossSigned }) => {
    const replaced = await world.cloud.operator.replaceServerRoot(root, { crossSigned });
    if (!replaced.ok)
      throw new StepProblem(`the cloud has no server root "${root}"; add it under \`cloud: serverRoots:\``);
    world.tell(
      'cloud-operator',
      root,
      `the server certificates chain to this root${crossSigned ? ', cross-signed' : ''}`,
    );
  },
});
