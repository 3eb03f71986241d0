import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { defineStep } from '../define-step.ts';
import { reference, timeTaken } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireAuthority } from '../../world/require-authority.ts';

/**
 * The operator asks the service for a code, and who has the CA's key signs a certificate in its name. What the service says
 * to that is noted; a proof that it does not take is no fault of the timeline.
 */
export const provePossessionStep = defineStep({
  name: 'prove-possession',
  summary: 'The service gives a code, and a certificate over it is signed to prove that a CA is ours.',
  shorthand: 'ca',
  args: z.strictObject({
    ca: reference('ca', 'CA that was uploaded.'),
    signedBy: reference('ca', 'CA whose key signs the code; its own where absent.').optional(),
    takes: timeTaken('How long the code lies there until it is signed: a root key is not at hand.').default('PT0S'),
  }),
  uses: ['clock', 'cloud', 'pki', 'place'],
  needs: () => ({ service: true }),
  run: async (world, { ca, signedBy, takes }) => {
    const code = world.cloud.operator.createVerificationCode(ca);
    if (!code.ok) throw new StepProblem(`the service holds no certificate of ${ca}; put upload-ca before`);
    if (world.pki.settings[signedBy ?? ca]?.signsProofs === false) {
      world.tell('third-party-pki', ca, 'the vendor does not sign the code of the service');
      return;
    }
    await world.clock.sleep(addDuration(world.clock.now(), takes) - world.clock.now());
    const now = world.place.clock.now();
    const proof = await mintCertificate({
      subject: { commonName: code.value },
      keys: await generateKeyPair('P-256'),
      // Whoever lacks the key can still write the right name into the certificate.
      issuer: {
        certificate: requireAuthority(world.pki.authorities, ca).minted.certificate,
        keys: requireAuthority(world.pki.authorities, signedBy ?? ca).minted.keys,
      },
      notBefore: now,
      notAfter: addDuration(now, 'P30D'),
      serialNumber: world.pki.serialNumber(`proof of ${ca} at ${now}`),
    });
    world.tell('manufacturer', ca, `the code of the service is signed with the key of ${signedBy ?? ca}`);
    const result = world.cloud.operator.verifyCaCertificate(ca, proof.der);
    const outcome = result.ok ? 'the CA is verified' : `the service rejects the proof: ${result.failure.sentence}`;
    world.tell('cloud-operator', ca, outcome);
  },
});
