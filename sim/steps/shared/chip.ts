import type { Device } from '../../devices/device.ts';
import type { TpmChip } from '../../devices/tpm-chip.ts';
import { StepProblem } from '../../world/world.ts';

/** The TPM of a device; a mistake of the author where it has none. */
export function chipOf(device: Device): TpmChip {
  if (device.tpm === undefined) throw new StepProblem(`${device.name} attests by ${device.attestation} and has no TPM`);
  return device.tpm;
}
