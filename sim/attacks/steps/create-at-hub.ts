import { z } from 'zod';
import { freshKey } from '../../../core/random.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import { hostileStep } from '../hostile-step.ts';
import { policyToken } from '../policy-token.ts';

/** Creates a device identity in the registry of a hub, without DPS. */
export const createAtHubStep = hostileStep({
  name: 'create-at-hub',
  summary: 'An attacker creates a device identity at a hub with the key of a policy of that hub.',
  args: z.strictObject({
    device: reference('device', 'Device whose registration ID becomes the device ID of the new identity.'),
    hub: reference('hub', 'The hub.'),
    with: reference('loot', 'Key of a policy of that hub.'),
    as: definition('loot', 'Name for the symmetric key of the new identity.'),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind !== 'policy-key')
      return attacker.refuse(
        `loot "${words.with}" has the kind ${loot.kind}, but the key of a policy is expected; take one with steal-key and \`hub\``,
      );
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
      attacker.tell(name, `${words.hub} answers ${status} to the identity that the attacker creates`);
    }
  },
});
