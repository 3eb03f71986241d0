import { z } from 'zod';
import { namespaceWord, registryWord } from '../../scenario/words/registry-words.ts';
import { reference } from '../../scenario/words/words.ts';
import { hubHost } from '../../world/hub-host.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { defineStep } from '../define-step.ts';

/** Deletes, at one hub, an issuing CA of the device registry. The hub then refuses every certificate of this CA. */
export const removeSyncedCaStep = defineStep({
  name: 'remove-synced-ca',
  summary: 'The cloud operator deletes an issuing CA of the device registry at a hub. The CA itself stays.',
  shorthand: 'name',
  args: z.strictObject({
    name: registryWord('Name of the CA in the device registry.'),
    namespace: namespaceWord,
    hub: reference('hub', 'Hub that deletes the CA.').default('hub-eu'),
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { name, namespace, hub }) => {
    const { operator } = world.cloud;
    const cas = await operator.registry.certificateAuthorities(namespace);
    const thumbprint = cas.find((ca) => ca.certificateAuthority === name)?.certificate?.thumbprintSha256;
    if (thumbprint === undefined)
      throw new StepProblem(
        `namespace ${namespace} has no active CA "${name}"; name another CA of the device registry`,
      );
    mustSucceed(operator.deleteHubAuthority(hubHost(hub), thumbprint), `the CA ${name} cannot be deleted at ${hub}`);
    world.tell('cloud-operator', hub, `the CA ${name} is deleted at the hub`);
  },
});
