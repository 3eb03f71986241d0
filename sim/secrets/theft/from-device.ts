import type { Credential, Loot } from '../../attacks/loot.ts';
import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import type { World } from '../../world/world.ts';
import type { Theft } from './theft.ts';

/** Reads a device that is in the thief's hands, who also leaves code on it: a copy of its key, or the use of it. */
export async function takeFromDevice(
  world: Pick<World, 'attack' | 'devices' | 'factory'>,
  device: Device,
): Promise<Theft> {
  world.attack.intruders.enter(device.name);
  const [loot, sentence] = device.attestation === 'tpm' ? await chipOf(world, device) : keyOf(world, device);
  return { subject: device.name, loot, sentence };
}

function keyOf(world: Pick<World, 'attack' | 'devices' | 'factory'>, device: Device): readonly [Loot, string] {
  const { symmetricKey, certificate } = device.flash;
  const { exposure } = keyStores[device.keyStore];
  if (symmetricKey === undefined && certificate === undefined) return nothing('no key is in it yet');
  if (exposure !== 'copy') {
    const loot = { kind: 'use', credential: () => useOf(world, device) } as const;
    return [loot, `its key stays in the ${device.keyStore}, which signs ${durations[exposure]}`];
  }
  const of = device.registrationId === undefined ? {} : { of: device.registrationId };
  // A store that is modelled has bytes as well; what its kind says decides.
  if (Buffer.isBuffer(symmetricKey)) {
    return [{ kind: 'symmetric-key', key: symmetricKey, ...of }, 'a copy of its symmetric key is taken'];
  }
  if (certificate === undefined) return nothing('there is nothing to copy');
  return [{ kind: 'certificate', certificate, ...of }, 'a copy of its certificate and key is taken'];
}

/** A TPM that attests works for whoever has the device in hand; a software TPM is a file that can be copied. */
async function chipOf(
  world: Pick<World, 'attack' | 'devices' | 'factory'>,
  device: Device,
): Promise<readonly [Loot, string]> {
  if (device.tpm === undefined) return nothing('there is no TPM in it');
  if (device.tpm.kind !== 'software') {
    const loot = { kind: 'use', credential: () => useOf(world, device) } as const;
    return [loot, 'its TPM gives nothing to copy, and answers whoever has the device in hand'];
  }
  const chip = world.devices.chips.make(`copy of ${device.name}`, device.tpm.ekTemplate, 'software');
  await chip.becomeCopyOf(device.tpm);
  world.factory.inDevices.copiedOut(chip, device.tpm);
  return [{ kind: 'chip', chip }, 'a copy of its TPM is taken'];
}

/** What the device itself would show, while it can be made to. */
function useOf(world: Pick<World, 'attack' | 'devices' | 'factory'>, device: Device): Credential {
  const { name, keyStore, attestation, tpm, flash } = device;
  if (!world.attack.intruders.canUse(name, keyStores[keyStore].exposure)) {
    return { kind: 'none', lacks: `the key stayed in the ${keyStore} of ${name}, which is out of reach` };
  }
  if (attestation === 'tpm' && tpm !== undefined) return { kind: 'chip', chip: tpm };
  if (attestation === 'x509' && flash.certificate !== undefined) {
    return { kind: 'certificate', certificate: flash.certificate };
  }
  if (attestation === 'symmetricKey' && flash.symmetricKey !== undefined) {
    return { kind: 'symmetric-key', key: flash.symmetricKey };
  }
  return { kind: 'none', lacks: `${name} has no key any more` };
}

function nothing(why: string): readonly [Loot, string] {
  return [{ kind: 'nothing', why }, why];
}

const durations = {
  'use-with-code': 'for the code that was left on the device',
  'use-while-held': 'for whoever has the device in hand',
} as const;
