import type { Device } from '../devices/device.ts';
import { StepProblem } from '../world.ts';
import type { Theft } from './theft.ts';

/** Reads from a TPM what it tells everybody, with nothing left behind. */
export async function readPublicKeys({ name, tpm: chip }: Device): Promise<Theft> {
  if (chip === undefined) throw new StepProblem(`${name} has no TPM to read public keys from`);
  const endorsementKey = await chip.use((tpm) => tpm.endorsementKey());
  const storageRootKey = await chip.use((tpm) => tpm.storageRootKey());
  return {
    subject: name,
    loot: { kind: 'public-keys', endorsementKey, storageRootKey },
    sentence: 'the public keys of its TPM are read',
  };
}
