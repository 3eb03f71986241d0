import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { defineStep } from '../define-step.ts';
import { reference, timeTaken } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireAuthority } from '../../world/require-authority.ts';

/**
 * Verifies a CA certificate. The operator gets a code from DPS, and the holder of the CA key signs a certificate with the code as common
 * name. The history records the answer of DPS. A rejected proof does not fail the timeline.
 */
export const provePossessionStep = defineStep({
  name: 'prove-possession',
  summary: 'The manufacturer signs the verification code of DPS to prove that it has the key of a CA.',
  shorthand: 'ca',
  args: z.strictObject({
    ca: reference('ca', 'CA from an earlier upload-ca step.'),
    signedBy: reference('ca', 'CA whose key signs the code. Default: the CA itself.').optional(),
    takes: timeTaken('Time from the code to the signature. A root key is often offline.').default('PT0S'),
  }),
  uses: ['clock', 'cloud', 'pki', 'place'],
  needs: () => ({ service: true }),
  run: async (world, { ca, signedBy, takes }) => {
    const code = world.cloud.operator.createVerificationCode(ca);
    if (!code.ok)
      throw new StepProblem(`DPS has no certificate of the CA "${ca}"; put upload-ca before prove-possession`, {
        stepsBefore: [{ 'upload-ca': ca }],
      });
    if (world.pki.settings[signedBy ?? ca]?.signsProofs === false) {
      world.tell('third-party-pki', ca, 'the vendor does not sign the verification code of DPS');
      return;
    }
    await world.clock.sleep(addDuration(world.clock.now(), takes) - world.clock.now());
    const now = world.place.clock.now();
    const proof = await mintCertificate({
      subject: { commonName: code.value },
      keys: await generateKeyPair('P-256'),
      // A party without the CA key can still write the name of the CA into the certificate.
      issuer: {
        certificate: requireAuthority(world.pki.authorities, ca).minted.certificate,
        keys: requireAuthority(world.pki.authorities, signedBy ?? ca).minted.keys,
      },
      notBefore: now,
      notAfter: addDuration(now, 'P30D'),
      serialNumber: world.pki.serialNumber(`proof of ${ca} at ${now}`),
    });
    world.tell('manufacturer', ca, `the verification code of DPS is signed with the key of ${signedBy ?? ca}`);
    const result = world.cloud.operator.verifyCaCertificate(ca, proof.der);
    const outcome = result.ok ? 'the CA is verified' : `DPS rejects the proof: ${result.failure.sentence}`;
    world.tell('cloud-operator', ca, outcome);
  },
});
