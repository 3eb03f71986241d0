import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import type { Attacker, Target } from '../attacker.ts';
import { credentialFrom } from '../credential-from.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';

export const impersonateStep = hostileStep({
  name: 'impersonate',
  summary: 'An attacker registers as a device with stolen credentials and sends telemetry in its name.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that the attacker impersonates.'),
    with: reference('loot', 'Loot that the attacker uses.'),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    const targets = await attacker.targets(words.device);
    await attacker.all(targets.map((target) => () => registerAs(attacker, target, loot)));
  },
});

/** Makes one attempt to register in the name of a device. */
async function registerAs(attacker: Attacker, target: Target, loot: Loot): Promise<void> {
  const { name, registrationId, transport } = target;
  const credential = await credentialFrom(loot, registrationId, attacker);
  await attacker.wires.register({ name: `attacker as ${name}`, registrationId, credential, transport });
}
