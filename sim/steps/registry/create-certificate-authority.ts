import { z } from 'zod';
import { namespaceWord, registryWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { defineStep } from '../define-step.ts';

/** Creates an issuing CA in the device registry. If the namespace has no root yet, creates the root too. */
export const createCertificateAuthorityStep = defineStep({
  name: 'create-certificate-authority',
  summary:
    'The cloud operator creates an issuing CA in the device registry. A Microsoft CA is active at once, an external CA waits for its certificate.',
  shorthand: 'name',
  args: z.strictObject({
    name: registryWord('Name of the CA in the device registry.'),
    namespace: namespaceWord,
    issuer: z.enum(['microsoft', 'external']).default('microsoft').meta({
      description:
        'microsoft: the root of the namespace signs the CA. external: the PKI of the customer signs it, see activate-certificate-authority.',
    }),
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { name, namespace, issuer }) => {
    const { registry } = world.cloud.operator;
    const isExternal = issuer === 'external';
    const existing = await registry.certificateAuthorities(namespace);
    if (!isExternal && !existing.some(({ type }) => type === 'Root')) {
      const root = await registry.createRoot({ namespace, certificateAuthority: 'root' });
      mustSucceed(root, `the device registry rejects the root of namespace ${namespace}`);
    }
    const place = { namespace, certificateAuthority: name };
    const made = await registry.createIssuingCa(place, isExternal ? 'External' : 'Microsoft');
    const { certificate } = mustSucceed(made, `the device registry rejects the CA ${name}`);
    const sentence = isExternal ? 'the external CA is created and waits for its certificate' : 'the CA is created';
    world.tell('cloud-operator', name, sentence, certificate === undefined ? [] : [certificate]);
  },
});
