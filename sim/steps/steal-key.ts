import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import type { Device } from '../devices/device.ts';
import { definition, reference } from '../scenario/words.ts';
import { StepProblem, type Loot, type World } from '../world.ts';

/** An attacker reads what a device or a desk gives away. A TPM gives nothing, unless it is software: that is a file. */
export const stealKey = defineStep({
  name: 'steal-key',
  summary: 'An attacker reads the key of a device, or the key of a group, and keeps it.',
  args: z.strictObject({
    device: reference('device', 'Device whose key store is read.').optional(),
    group: reference('group', 'Symmetric-key group whose primary key leaks.').optional(),
    as: definition('loot', 'Name for what was taken.'),
  }),
  run: async (world, words) => {
    const attestation =
      words.group === undefined ? undefined : world.cloud.operator.enrollmentGroup(words.group)?.attestation;
    const device = words.device === undefined ? undefined : world.select(words.device)[0];
    if (device === undefined && attestation?.type !== 'symmetricKey') {
      throw new StepProblem('steal-key needs device, or the ID of a symmetric-key group');
    }
    const loot: Loot =
      device === undefined && attestation?.type === 'symmetricKey'
        ? { kind: 'group-key', key: attestation.primaryKey }
        : await lootOf(world, device);
    world.loot.set(words.as, loot);
    world.tell('attacker', words.device ?? words.group ?? '', `${loot.kind} is taken`);
  },
});

async function lootOf(world: World, device: Device | undefined): Promise<Loot> {
  if (device?.flash.symmetricKey !== undefined) return { kind: 'symmetric-key', key: device.flash.symmetricKey };
  if (device?.flash.certificate !== undefined) return { kind: 'certificate', certificate: device.flash.certificate };
  if (device?.tpm?.kind === 'software') {
    const chip = world.chips.make(`copy of ${device.name}`, device.tpm.ekTemplate, 'software');
    await chip.becomeCopyOf(device.tpm);
    return { kind: 'chip', chip };
  }
  return { kind: 'nothing' };
}
