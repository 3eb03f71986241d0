import { z } from 'zod';
import { hubLinks } from '../../../core/cloud/cloud-operator.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The key that the service holds for a hub is rolled, its rights are taken, or the hub is out of reach. */
export const setHubLinkStep = defineStep({
  name: 'set-hub-link',
  summary: 'What the service needs to manage devices at a hub breaks or is mended; devices at the hub stay.',
  shorthand: 'hub',
  args: z.strictObject({
    hub: reference('hub', 'Name of the hub.'),
    link: z.enum(hubLinks).meta({ description: 'How the service gets on with the hub.' }),
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { hub, link }) => {
    if (!world.cloud.operator.setHubLink(hubHost(hub), link).ok) throw new StepProblem(`no hub ${hub} is linked`);
    world.tell('cloud-operator', hub, `the link of the service to it is ${link}`);
  },
});
