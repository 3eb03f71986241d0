import { defined } from '../../../core/defined.ts';
import type { Credential, Loot } from '../../attacks/loot.ts';
import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import type { World } from '../../world/world.ts';
import type { Theft } from './theft.ts';

/** Steals a copy of the key of a device, or the ability to use it. The thief holds the device and leaves code on it. */
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
  const of = defined({ of: device.registrationId });
  // A modelled store has bytes too, so the exposure of its kind decides.
  if (Buffer.isBuffer(symmetricKey)) {
    return [{ kind: 'symmetric-key', key: symmetricKey, ...of }, 'a copy of its symmetric key is taken'];
  }
  if (certificate === undefined) return nothing('there is nothing to copy');
  return [{ kind: 'certificate', certificate, ...of }, 'a copy of its certificate and key is taken'];
}

/** A thief who holds the device can use its TPM; a software TPM is a file that the thief can copy. */
async function chipOf(
  world: Pick<World, 'attack' | 'devices' | 'factory'>,
  device: Device,
): Promise<readonly [Loot, string]> {
  if (device.tpm === undefined) return nothing('there is no TPM in it');
  if (device.tpm.kind !== 'software') {
    const loot = { kind: 'use', credential: () => useOf(world, device) } as const;
    return [loot, 'its TPM reveals no secret, and works for the thief who holds the device'];
  }
  const chip = world.devices.chips.make(`copy of ${device.name}`, device.tpm.ekTemplate, 'software');
  await chip.becomeCopyOf(device.tpm);
  world.factory.inDevices.copiedOut(chip, device.tpm);
  return [{ kind: 'chip', chip }, 'a copy of its TPM is taken'];
}

/** Returns the credential that the thief can use at this moment by means of the device. */
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
  'use-with-code': 'for the code that the thief left on the device',
  'use-while-held': 'for the thief who holds the device',
} as const;
