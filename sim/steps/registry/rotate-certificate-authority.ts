import { z } from 'zod';
import { namespaceWord, registryWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { defineStep } from '../define-step.ts';

/** Revokes an issuing CA and replaces its key and certificate. The hubs stop trusting the old certificate after the synchronisation. */
export const rotateCertificateAuthorityStep = defineStep({
  name: 'rotate-certificate-authority',
  summary:
    'The cloud operator revokes and rotates an issuing CA of the device registry. Every device with a certificate of this CA has to register again.',
  shorthand: 'name',
  args: z.strictObject({
    name: registryWord(
      'Name of the CA in the device registry. The CA of a credential policy has the name of the policy, unless `certificateAuthority` gives another name.',
    ),
    namespace: namespaceWord,
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { name, namespace }) => {
    const rotated = await world.cloud.operator.registry.revokeAndRotate({ namespace, certificateAuthority: name });
    const { certificate } = mustSucceed(rotated, `the CA ${name} cannot be rotated`);
    world.tell(
      'cloud-operator',
      name,
      'the CA is revoked and has a new key; the hubs are synchronised',
      certificate === undefined ? [] : [certificate],
    );
  },
});
