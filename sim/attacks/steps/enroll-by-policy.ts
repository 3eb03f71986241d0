import { z } from 'zod';
import { freshKey } from '../../../core/random.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import { policyToken } from '../policy-token.ts';

/** Somebody with the key of a shared access policy enrolls a device of his own over the service API. */
export const enrollByPolicyStep = hostileStep({
  name: 'enroll-by-policy',
  summary: 'An attacker writes an enrollment for a device of his own over the service API, with the key of a policy.',
  args: z.strictObject({
    device: reference('device', "Device whose name the attacker's own takes."),
    with: reference('loot', 'The key of a policy.'),
    as: definition('loot', 'Name for the symmetric key that he enrolls.').optional(),
    publicKeys: reference(
      'loot',
      'Instead of a symmetric key: the public keys of a TPM, from steal-key with publicKeys: true.',
    ).optional(),
    deviceId: z.string().min(1).optional().meta({
      description: 'Whom the service is to create at the hub for it; the registration ID where absent.',
    }),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'policy-key') return attacker.refuse('enroll-by-policy needs the key of a policy');
    const { wires } = attacker;
    const attestation = attestationFor(attacker, words);
    const deviceId = words.deviceId === undefined ? {} : { deviceId: words.deviceId };
    for (const { registrationId, name } of await attacker.targets(words.device)) {
      const { status } = await wires.request({
        host: wires.serviceHost,
        method: 'PUT',
        path: `/enrollments/${encodeURIComponent(registrationId)}?api-version=2021-10-01`,
        body: { registrationId, ...deviceId, attestation },
        token: policyToken(attacker, wires.serviceHost, loot),
      });
      attacker.tell(name, `the service answers ${status} to the enrollment of a device of his own`);
    }
  },
});

/** As the service API takes it; a symmetric key is kept under its name. */
function attestationFor(
  attacker: Attacker,
  { as, publicKeys }: { readonly as?: string | undefined; readonly publicKeys?: string | undefined },
): object {
  if ((as === undefined) === (publicKeys === undefined)) {
    return attacker.refuse('enroll-by-policy needs either as or publicKeys');
  }
  if (as !== undefined) {
    const key = freshKey(32);
    attacker.keep(as, { kind: 'symmetric-key', key });
    const [primaryKey, secondaryKey] = [key, freshKey(32)].map((one) => one.toString('base64'));
    return { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } };
  }
  const keys = attacker.held(publicKeys ?? '');
  if (keys.kind !== 'public-keys') return attacker.refuse(`${publicKeys ?? ''} is no pair of public keys`);
  return { type: 'tpm', tpm: { endorsementKey: keys.endorsementKey.toString('base64') } };
}
