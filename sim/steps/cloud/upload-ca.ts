import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { requireAuthority } from '../../world/require-authority.ts';

/** The cloud operator gives a CA certificate to the service, under the name that the CA has in the scenario. */
export const uploadCaStep = defineStep({
  name: 'upload-ca',
  summary: 'A CA certificate is uploaded to the service; groups can refer to it once it is verified.',
  shorthand: 'ca',
  args: z.strictObject({
    ca: reference('ca', 'CA whose certificate is uploaded.'),
    verified: z.boolean().default(false).meta({
      description: 'Whether the operator vouches for it, so that no proof of possession is needed.',
    }),
  }),
  uses: ['cloud', 'pki'],
  needs: () => ({ service: true }),
  run: async (world, { ca, verified }) => {
    const { der } = requireAuthority(world.pki.authorities, ca).minted;
    const result = world.cloud.operator.uploadCaCertificate(ca, der, verified);
    mustSucceed(result, `the service rejects the certificate of ${ca}`);
    world.tell('cloud-operator', ca, `its certificate is uploaded, ${verified ? 'set to verified' : 'unverified'}`);
  },
});
