import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { defineStep } from '../define-step.ts';
import { duration, reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const maintainHubStep = defineStep({
  name: 'maintain-hub',
  summary:
    'The service of a hub is upgraded: the hub ends all device connections (400029) and rejects new ones (400030).',
  shorthand: 'hub',
  args: z.strictObject({
    hub: reference('hub', 'Name of the hub.'),
    for: duration('Time in which the hub rejects new connections.').default('PT30S'),
  }),
  uses: ['clock', 'cloud'],
  needs: () => ({ service: true }),
  run: async ({ clock, cloud, tell }, { hub, for: time }) => {
    const now = clock.now();
    if (!cloud.operator.maintainHub(hubHost(hub), addDuration(now, time) - now).ok)
      throw new StepProblem(`there is no hub "${hub}"; add it under \`cloud: hubs:\` or name another`);
    tell('cloud-operator', hub, `the service is upgraded and rejects new connections for ${time}`);
  },
});
