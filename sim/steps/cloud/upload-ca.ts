import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { requireAuthority } from '../../world/require-authority.ts';

/** Uploads a CA certificate. At DPS, the certificate gets the name of the CA in the scenario. */
export const uploadCaStep = defineStep({
  name: 'upload-ca',
  summary: 'The cloud operator uploads a CA certificate to DPS. Groups can refer to it after it is verified.',
  shorthand: 'ca',
  args: z.strictObject({
    ca: reference('ca', 'CA whose certificate is uploaded.'),
    verified: z.boolean().default(false).meta({
      description: 'Whether the operator sets the certificate to verified, without a proof of possession.',
    }),
  }),
  uses: ['cloud', 'pki'],
  needs: () => ({ service: true }),
  run: async (world, { ca, verified }) => {
    const { der } = requireAuthority(world.pki.authorities, ca).minted;
    const result = world.cloud.operator.uploadCaCertificate(ca, der, verified);
    mustSucceed(result, `DPS rejects the certificate of the CA "${ca}"`);
    world.tell('cloud-operator', ca, `its certificate is uploaded, ${verified ? 'set to verified' : 'unverified'}`);
  },
});
