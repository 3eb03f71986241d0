import { z } from 'zod';
import { reference, validity } from '../../scenario/words/words.ts';
import { namespaceWord, registryWord } from '../../scenario/words/registry-words.ts';
import { externalCaMistakes, signExternalCa } from '../../pki/sign-external-ca.ts';
import { mustSucceed } from '../../world/must-succeed.ts';
import { requireAuthority } from '../../world/require-authority.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { defineStep } from '../define-step.ts';

/**
 * Signs the request of an external CA with a CA of the customer, and gives the certificate to the device registry. An active CA makes a
 * request for its next certificate first. A rejected certificate does not fail the timeline: the history has the failed check.
 */
export const activateCertificateAuthorityStep = defineStep({
  name: 'activate-certificate-authority',
  summary:
    'The PKI of the customer signs an external CA of the device registry, and the cloud operator activates the CA or renews its certificate.',
  judges: true,
  shorthand: 'name',
  args: z.strictObject({
    name: registryWord('Name of the external CA in the device registry.'),
    namespace: namespaceWord,
    signedBy: reference('ca', 'CA of the customer that signs the request. Its key must be P-256.'),
    validity: validity('Validity of the certificate from now on; the device registry requires 365 days.').default(
      'P5Y',
    ),
    mistake: z.enum(externalCaMistakes).optional().meta({
      description: 'Rule of the device registry that the certificate breaks. Default: none.',
    }),
  }),
  uses: ['cloud', 'pki', 'place'],
  needs: ({ signedBy }) => ({ service: true, ca: signedBy }),
  run: async (world, { name, namespace, signedBy, validity: lasts, mistake }) => {
    const { registry } = world.cloud.operator;
    const place = { namespace, certificateAuthority: name };
    const found = (await registry.certificateAuthorities(namespace)).find((ca) => ca.certificateAuthority === name);
    if (found?.issuer !== 'External')
      throw new StepProblem(
        `namespace ${namespace} has no external CA "${name}"; put create-certificate-authority with \`issuer: external\` before this step`,
      );
    const { certificateSigningRequest: request = '' } =
      found.certificateSigningRequest === undefined
        ? mustSucceed(await registry.createIssuingCa(place, 'External'), `the CA ${name} cannot be renewed`)
        : found;
    const now = world.place.clock.now();
    const { chain, issued } = await signExternalCa({
      request,
      authority: requireAuthority(world.pki.authorities, signedBy),
      now,
      validity: lasts,
      serialNumber: world.pki.serialNumber(`external CA ${name} at ${now}`),
      mistake,
    });
    world.tell('manufacturer', name, `${signedBy} signs the request of the device registry`, [issued.certificate]);
    const result = await registry.activate(place, chain);
    const outcome = result.ok
      ? 'the CA is active'
      : `the device registry rejects the certificate: ${result.failure.sentence}`;
    world.tell('cloud-operator', name, outcome);
  },
});
