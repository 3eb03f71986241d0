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
  hostile: true,
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose name is taken.'),
    with: reference('loot', 'What the attacker holds.').optional(),
    withTpmOf: reference('device', 'A device in the hands of the attacker, whose TPM answers instead.').optional(),
  }),
  run: async (world, words) => {
    const loot = heldBy(world, words);
    await world.clock.all(
      world.select(words.device).map((victim) => async () => {
        await attempt(await disguise(world, victim, loot), 'register', world.network);
      }),
    );
  },
});

function heldBy(
  world: World,
  words: { readonly with?: string | undefined; readonly withTpmOf?: string | undefined },
): Loot {
  if ((words.with === undefined) === (words.withTpmOf === undefined))
    throw new StepProblem('impersonate needs either with or withTpmOf');
  const chip = words.withTpmOf === undefined ? undefined : world.select(words.withTpmOf)[0]?.tpm;
  if (chip !== undefined) return { kind: 'chip', chip };
  if (words.withTpmOf !== undefined) throw new StepProblem(`${words.withTpmOf} has no TPM`);
  const loot = world.loot.get(words.with ?? '');
  if (loot === undefined) throw new StepProblem(`nothing was taken under the name "${words.with ?? ''}"`);
  return loot;
}

async function disguise(world: World, victim: Device, loot: Loot): Promise<Device> {
  const registrationId = await knownRegistrationId(victim);
  return {
    ...victim,
    name: `attacker as ${victim.name}`,
    attestation: attestationBy(loot) ?? victim.attestation,
    tpm: loot.kind === 'chip' ? loot.chip : undefined,
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
    case 'chip':
    case 'nothing':
      return {};
  }
}

function attestationBy({ kind }: Loot): Device['attestation'] | undefined {
  switch (kind) {
    case 'certificate':
      return 'x509';
    case 'symmetric-key':
    case 'group-key':
      return 'symmetricKey';
    case 'chip':
      return 'tpm';
    case 'nothing':
      return undefined;
  }
}
