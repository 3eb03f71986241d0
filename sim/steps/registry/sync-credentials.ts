import { z } from 'zod';
import { isoInstant } from '../../../core/time/clock.ts';
import { namespaceWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { defineStep } from '../define-step.ts';

/** Sends the CAs of a namespace to all hubs, which trust them after the delay of the synchronisation. */
export const syncCredentialsStep = defineStep({
  name: 'sync-credentials',
  summary: 'The cloud operator synchronises the CAs of the device registry to the hubs, after a change by hand.',
  shorthand: 'namespace',
  args: z.strictObject({ namespace: namespaceWord }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { namespace }) => {
    const from = mustSucceed(
      await world.cloud.operator.registry.synchronize(namespace),
      `the CAs of namespace ${namespace} cannot be synchronised`,
    );
    world.tell('cloud-operator', namespace, `the hubs trust the CAs of the namespace from ${isoInstant(from)}`);
  },
});
