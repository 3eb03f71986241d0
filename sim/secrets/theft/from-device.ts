import { defined } from '../../../core/defined.ts';
import type { Credential, Loot } from '../../attacks/loot.ts';
import type { Device } from '../../devices/device.ts';
import { keyStores } from '../../key-stores/index.ts';
import type { World } from '../../world/world.ts';
import type { Theft } from './theft.ts';

/**
 * Steals the key of a device: a copy of the key, or the ability to use it. The attacker has physical access and installs code on the
 * device.
 */
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
  if (symmetricKey === undefined && certificate === undefined) return nothing('the device has no key yet');
  if (exposure !== 'copy') {
    const loot = { kind: 'use', credential: () => useOf(world, device) } as const;
    return [loot, `its key stays in the ${device.keyStore}, which signs ${durations[exposure]}`];
  }
  const of = defined({ of: device.registrationId });
  // A modelled key store also holds its key as bytes. So the code above first checks `exposure`, which decides whether the attacker can
  // copy the key.
  if (Buffer.isBuffer(symmetricKey)) {
    return [{ kind: 'symmetric-key', key: symmetricKey, ...of }, 'the attacker takes a copy of its symmetric key'];
  }
  if (certificate === undefined) return nothing('the device has no key that can be copied');
  return [{ kind: 'certificate', certificate, ...of }, 'the attacker takes a copy of its certificate and key'];
}

/**
 * Returns the TPM as loot. With physical access, an attacker can use the TPM of the device. The state of a software TPM is a file that the
 * attacker can copy.
 */
async function chipOf(
  world: Pick<World, 'attack' | 'devices' | 'factory'>,
  device: Device,
): Promise<readonly [Loot, string]> {
  if (device.tpm === undefined) return nothing('the device has no TPM');
  if (device.tpm.kind !== 'software') {
    const loot = { kind: 'use', credential: () => useOf(world, device) } as const;
    return [loot, 'its TPM reveals no secret, but the attacker can use the TPM while they hold the device'];
  }
  const chip = world.devices.chips.make(`copy of ${device.name}`, device.tpm.ekTemplate, 'software');
  await chip.becomeCopyOf(device.tpm);
  world.factory.inDevices.copiedOut(chip, device.tpm);
  return [{ kind: 'chip', chip }, 'the attacker takes a copy of its TPM'];
}

/** Returns the credential that the attacker can use through the device at this moment. */
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
  return { kind: 'none', lacks: `${name} no longer has a key` };
}

function nothing(why: string): readonly [Loot, string] {
  return [{ kind: 'nothing', why }, why];
}

const durations = {
  'use-with-code': 'for the code that the attacker installed on the device',
  'use-while-held': 'for the attacker while they hold the device',
} as const;
