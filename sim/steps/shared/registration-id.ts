import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import type { Device } from '../../devices/device.ts';
import { StepProblem } from '../../world/world.ts';

/**
 * The registration ID of a device; for a TPM without one of its own it is made from the endorsement key each time, as SDKs
 * do: another chip or a rolled key makes another name.
 */
export async function knownRegistrationId(device: Device): Promise<string> {
  if (!device.namedByChip && device.registrationId !== undefined) return device.registrationId;
  // A device that lost its TPM still has the name that the TPM gave it.
  if (device.tpm === undefined && device.registrationId !== undefined) return device.registrationId;
  if (device.tpm === undefined) throw new StepProblem(`${device.name} has no TPM to make a registration ID from`);
  const registrationId = registrationIdOfEndorsementKey(await device.tpm.use((tpm) => tpm.endorsementKey()));
  device.useRegistrationId(registrationId);
  return registrationId;
}
