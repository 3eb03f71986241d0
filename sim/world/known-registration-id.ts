import { registrationIdOfEndorsementKey } from '../../core/tpm/registration-id.ts';
import type { Device } from '../devices/device.ts';
import { StepProblem } from './step-problem.ts';

/**
 * Returns the registration ID of a device. If a TPM device has no configured ID, the ID derives from the endorsement key at each call, as
 * in the SDKs. Another TPM or a replaced endorsement key therefore gives another ID.
 * @throws StepProblem if the ID derives from a TPM and the device never had one.
 */
export async function knownRegistrationId(device: Device): Promise<string> {
  if (!device.namedByChip && device.registrationId !== undefined) return device.registrationId;
  // A device that lost its TPM keeps the registration ID that derived from this TPM.
  if (device.tpm === undefined && device.registrationId !== undefined) return device.registrationId;
  if (device.tpm === undefined) {
    throw new StepProblem(
      `${device.name} has registrationId: from-endorsement-key and no TPM; give it a TPM or a registration ID`,
    );
  }
  const registrationId = registrationIdOfEndorsementKey(await device.tpm.use((tpm) => tpm.endorsementKey()));
  device.useRegistrationId(registrationId);
  return registrationId;
}
