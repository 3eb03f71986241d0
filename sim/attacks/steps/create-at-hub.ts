import { z } from 'zod';
import { freshKey } from '../../../core/random.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import { hostileStep } from '../hostile-step.ts';
import { policyToken } from '../policy-token.ts';

/** Somebody with the key of a policy of a hub writes an identity into its registry, past the provisioning service. */
export const createAtHubStep = hostileStep({
  name: 'create-at-hub',
  summary: 'An attacker creates a device of his own at a hub, with the key of a policy of that hub.',
  args: z.strictObject({
    device: reference('device', "Device whose name the attacker's own takes."),
    hub: reference('hub', 'The hub.'),
    with: reference('loot', 'The key of a policy of that hub.'),
    as: definition('loot', 'Name for the symmetric key that he gives it.'),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'policy-key') return attacker.refuse('create-at-hub needs the key of a policy');
    const { wires } = attacker;
    const host = wires.hostOf(words.hub);
    const key = freshKey(32);
    attacker.keep(words.as, { kind: 'symmetric-key', key });
    const [primaryKey, secondaryKey] = [key, freshKey(32)].map((one) => one.toString('base64'));
    for (const { registrationId: deviceId, name } of await attacker.targets(words.device)) {
      const { status } = await wires.request({
        host,
        method: 'PUT',
        path: `/devices/${encodeURIComponent(deviceId)}?api-version=2020-03-13`,
        body: { deviceId, authentication: { type: 'sas', symmetricKey: { primaryKey, secondaryKey } } },
        token: policyToken(attacker, host, loot),
      });
      attacker.tell(name, `${words.hub} answers ${status} to the identity of a device of his own`);
    }
  },
});
