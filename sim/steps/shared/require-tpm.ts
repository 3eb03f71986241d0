import type { Device } from '../../devices/device.ts';
import type { TpmChip } from '../../devices/tpm-chip.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Returns the TPM of a device.
 * @throws StepProblem if the device has none.
 */
export function requireTpm(device: Device): TpmChip {
  if (device.tpm === undefined) {
    throw new StepProblem(
      device.attestation === 'tpm'
        ? `${device.name} has lost its TPM; name a device that still has one`
        : `${device.name} attests by ${device.attestation} and has no TPM; name a device with \`attestation: tpm\` or \`keyStore: tpm\``,
    );
  }
  return device.tpm;
}
