import { z } from 'zod';
import { deriveDeviceKey } from '../../core/sas.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { defineStep } from '../define-step.ts';
import { attempt } from '../devices/attempt.ts';
import type { Device, Flash } from '../devices/device.ts';
import { reference } from '../scenario/words.ts';
import { StepProblem, type Loot, type World } from '../world.ts';
import { knownRegistrationId } from './registration-id.ts';

/** An attacker registers under another device's name with what was taken, over the same wire as everybody. */
export const impersonate = defineStep({
  name: 'impersonate',
  summary: 'An attacker registers as a device with stolen credentials and sends telemetry in its name.',
  registers: true,
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose name is taken.'),
    with: reference('loot', 'What the attacker holds.'),
  }),
  run: async (world, words) => {
    const loot = world.loot.get(words.with);
    if (loot === undefined) throw new StepProblem(`nothing was taken under the name "${words.with}"`);
    await world.clock.all(
      world.select(words.device).map((victim) => async () => {
        await attempt(await disguise(world, victim, loot), 'register', world.network);
      }),
    );
  },
});

async function disguise(world: World, victim: Device, loot: Loot): Promise<Device> {
  const registrationId = await knownRegistrationId(victim);
  return {
    ...victim,
    name: `attacker as ${victim.name}`,
    attestation: loot.kind === 'certificate' ? 'x509' : loot.kind === 'nothing' ? victim.attestation : 'symmetricKey',
    tpm: undefined,
    registrationId,
    flash: {
      config: { idScope: world.cloud.idScope, endpoint: globalEndpoint },
      ...credentialOf(loot, registrationId),
    },
    assigned: undefined,
  };
}

function credentialOf(loot: Loot, registrationId: string): Flash {
  switch (loot.kind) {
    case 'symmetric-key':
      return { symmetricKey: loot.key };
    case 'group-key':
      return { symmetricKey: deriveDeviceKey(loot.key, registrationId) };
    case 'certificate':
      return { certificate: loot.certificate };
    case 'nothing':
      return {};
  }
}
