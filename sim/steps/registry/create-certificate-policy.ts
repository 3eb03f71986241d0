import { z } from 'zod';
import { namespaceWord, registryWord } from '../../scenario/words/registry-words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { defineStep } from '../define-step.ts';

/** Creates the policy of an issuing CA, or changes the validity of its certificates. */
export const createCertificatePolicyStep = defineStep({
  name: 'create-certificate-policy',
  summary: 'The cloud operator creates the certificate policy of an issuing CA, or changes the validity in the policy.',
  shorthand: 'name',
  args: z.strictObject({
    name: registryWord('Name of the policy.'),
    authority: registryWord('Name of the issuing CA in the device registry. A CA has one policy.'),
    namespace: namespaceWord,
    validityDays: z.int().min(1).max(90).default(30).meta({
      description: 'Validity of an issued certificate in days. The device registry accepts 7 to 90.',
    }),
  }),
  uses: ['cloud'],
  needs: () => ({ service: true }),
  run: async (world, { name, authority, namespace, validityDays }) => {
    const policy = { namespace, certificateAuthority: authority, policy: name };
    mustSucceed(
      world.cloud.operator.registry.putPolicy(policy, validityDays),
      `the device registry rejects the policy ${name}`,
    );
    world.tell('cloud-operator', name, `CA ${authority} issues certificates for ${validityDays} days`);
  },
});
