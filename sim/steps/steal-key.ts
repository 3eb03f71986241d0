import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import type { Device } from '../devices/device.ts';
import { keyStores } from '../key-stores/index.ts';
import { secretsIn } from '../secrets-in-loot.ts';
import { definition, reference } from '../scenario/words.ts';
import { StepProblem, type Loot, type World } from '../world.ts';
import { authorityOf } from './authority-of.ts';

const args = z.strictObject({
  device: reference('device', 'Device that is taken and whose key store is read.').optional(),
  group: reference('group', 'Symmetric-key group whose primary key leaks.').optional(),
  ca: reference('ca', 'CA on whose computer the files are read.').optional(),
  as: definition('loot', 'Name for what was taken.'),
});

/**
 * An attacker reads what a device or a desk gives away. What it is depends on the key store: a copy, or the use of the key
 * until `return-device` or `reinstall-firmware` ends it.
 */
export const stealKey = defineStep({
  name: 'steal-key',
  summary:
    'An attacker gets at the key of a device, a group or a CA: a copy of it, or its use where it cannot be read.',
  args,
  run: async (world, words) => {
    const [subject, loot, sentence] = await takeFrom(world, words);
    world.loot.set(words.as, loot);
    const { secrets } = world.factory;
    secrets.lay({ party: 'attacker', place: `loot ${words.as}`, label: words.as }, secretsIn(loot, world));
    world.tell('attacker', subject, sentence);
  },
});

async function takeFrom(world: World, words: z.output<typeof args>): Promise<readonly [string, Loot, string]> {
  const { device: name, group, ca } = words;
  if ([name, group, ca].filter((word) => word !== undefined).length !== 1) {
    throw new StepProblem('steal-key needs one of device, group and ca');
  }
  if (group !== undefined) {
    const attestation = world.cloud.operator.enrollmentGroup(group)?.attestation;
    if (attestation?.type !== 'symmetricKey') throw new StepProblem(`${group} is no symmetric-key group`);
    return [group, { kind: 'group-key', key: attestation.primaryKey }, 'a copy of the group key is taken'];
  }
  if (ca !== undefined) {
    const authority = authorityOf(world, ca);
    const keyStore = world.scenario.pki[ca]?.keyStore ?? 'file';
    return keyStore === 'file'
      ? [ca, { kind: 'ca', authority }, 'a copy of its key is taken']
      : [ca, { kind: 'nothing' }, `its key is in the ${keyStore}, and no file holds it`];
  }
  const [device] = world.select(name ?? '');
  if (device === undefined) throw new StepProblem(`no device is called "${name}"`);
  world.intruders.enter(device.name);
  return [device.name, ...(device.attestation === 'tpm' ? await diskOf(world, device) : lootOf(device))];
}

function lootOf(device: Device): readonly [Loot, string] {
  const { symmetricKey, certificate } = device.flash;
  const { theft } = keyStores[device.keyStore];
  if (symmetricKey === undefined && certificate === undefined) return [{ kind: 'nothing' }, 'no key is in it yet'];
  if (theft !== 'copy')
    return [{ kind: 'use', device }, `its key stays in the ${device.keyStore}, which signs ${durations[theft]}`];
  // A store that is modelled has bytes as well; what its kind says decides.
  if (Buffer.isBuffer(symmetricKey)) {
    return [{ kind: 'symmetric-key', key: symmetricKey }, 'a copy of its symmetric key is taken'];
  }
  if (certificate === undefined) return [{ kind: 'nothing' }, 'there is nothing to copy'];
  return [{ kind: 'certificate', certificate }, 'a copy of its certificate and key is taken'];
}

/** A TPM that attests gives nothing, unless it is software: that is a file. */
async function diskOf(world: World, device: Device): Promise<readonly [Loot, string]> {
  if (device.tpm?.kind !== 'software') return [{ kind: 'nothing' }, 'its TPM gives nothing'];
  const chip = world.chips.make(`copy of ${device.name}`, device.tpm.ekTemplate, 'software');
  await chip.becomeCopyOf(device.tpm);
  world.factory.inDevices.copiedOut(chip, device.tpm);
  return [{ kind: 'chip', chip }, 'a copy of its TPM is taken'];
}

const durations = {
  'use-with-code': 'for the code that was left on the device',
  'use-while-held': 'for whoever has the device in hand',
} as const;
