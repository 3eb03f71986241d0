import { z } from 'zod';
import { hubLinks } from '../../../core/cloud/cloud-operator.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const setHubLinkStep = defineStep({
  name: 'set-hub-link',
  summary: 'The link from DPS to a hub breaks or is repaired. Devices at the hub stay connected.',
  shorthand: 'hub',
  args: z.strictObject({
    hub: reference('hub', 'Name of the hub.'),
    link: z.enum(hubLinks).meta({
      description:
        'State of the link: the key of DPS for the hub can be unauthorized or stale, or the hub unreachable.',
    }),
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { hub, link }) => {
    if (!world.cloud.operator.setHubLink(hubHost(hub), link).ok)
      throw new StepProblem(`no hub "${hub}" is linked to DPS; add it under \`cloud: hubs:\` or name another`);
    world.tell('cloud-operator', hub, `the link from DPS to it is ${link}`);
  },
});
