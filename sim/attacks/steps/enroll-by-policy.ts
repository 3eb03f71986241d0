import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { freshKey } from '../../../core/random.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import { policyToken } from '../policy-token.ts';

export const enrollByPolicyStep = hostileStep({
  name: 'enroll-by-policy',
  summary: 'An attacker creates an enrollment over the service API with the key of a policy.',
  args: z.strictObject({
    device: reference('device', 'Device whose registration ID the enrollment gets.'),
    with: reference('loot', 'Key of a policy.'),
    as: definition('loot', 'Name for the symmetric key of the enrollment.').optional(),
    publicKeys: reference(
      'loot',
      'Loot: public keys of a TPM from steal-key with `publicKeys: true`. The enrollment then has these keys and no symmetric key.',
    ).optional(),
    deviceId: z.string().min(1).optional().meta({
      description: 'Device ID that DPS creates at the hub. Default: the registration ID.',
    }),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'policy-key')
      return attacker.refuse(
        `loot "${words.with}" has the kind ${loot.kind}, but the key of a policy is expected; take one with steal-key and \`policy\``,
      );
    const { wires } = attacker;
    const attestation = attestationFor(attacker, words);
    const deviceId = defined({ deviceId: words.deviceId });
    for (const { registrationId, name } of await attacker.targets(words.device)) {
      const { status } = await wires.request({
        host: wires.serviceHost,
        method: 'PUT',
        path: `/enrollments/${encodeURIComponent(registrationId)}?api-version=2021-10-01`,
        body: { registrationId, ...deviceId, attestation },
        token: policyToken(attacker, wires.serviceHost, loot),
      });
      attacker.tell(name, `DPS answers ${status} to the enrollment that the attacker creates`);
    }
  },
});

/** Returns the attestation part of an enrollment, as JSON of the service API. Keeps a new symmetric key as loot. */
function attestationFor(
  attacker: Attacker,
  { as, publicKeys }: { readonly as?: string | undefined; readonly publicKeys?: string | undefined },
): object {
  if ((as === undefined) === (publicKeys === undefined)) {
    return attacker.refuse(
      `${as === undefined ? 'neither `as` nor `publicKeys` is' : 'both `as` and `publicKeys` are'} given; give exactly one of them`,
    );
  }
  if (as !== undefined) {
    const key = freshKey(32);
    attacker.keep(as, { kind: 'symmetric-key', key });
    const [primaryKey, secondaryKey] = [key, freshKey(32)].map((one) => one.toString('base64'));
    return { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } };
  }
  const keys = attacker.held(publicKeys ?? '');
  if (keys.kind !== 'public-keys')
    return attacker.refuse(
      `loot "${publicKeys ?? ''}" has the kind ${keys.kind}, but public keys of a TPM are expected; take them with steal-key and \`publicKeys: true\``,
    );
  return { type: 'tpm', tpm: { endorsementKey: keys.endorsementKey.toString('base64') } };
}
