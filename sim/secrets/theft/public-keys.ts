import { derOfPem, pemBlocks } from '../../../core/x509/der/pem.ts';
import type { Device } from '../../devices/device.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { Theft } from './theft.ts';

/** Reads the public keys or certificates that a device sends to every server. The attacker installs no code on the device. */
export async function readPublicKeys(device: Device): Promise<Theft> {
  const { name, tpm: chip, flash } = device;
  if (device.attestation === 'x509' && flash.certificate !== undefined) {
    const certificates = pemBlocks(flash.certificate.chainPem).flatMap((pem) => derOfPem(pem) ?? []);
    return {
      subject: name,
      loot: { kind: 'public-chain', certificates },
      sentence: `the attacker records its ${certificates.length} public certificates`,
    };
  }
  if (chip === undefined)
    throw new StepProblem(`${name} has neither a TPM nor a certificate with public keys; name another device`);
  const endorsementKey = await chip.use((tpm) => tpm.endorsementKey());
  const storageRootKey = await chip.use((tpm) => tpm.storageRootKey());
  return {
    subject: name,
    loot: { kind: 'public-keys', endorsementKey, storageRootKey },
    sentence: 'the attacker reads the public keys of its TPM',
  };
}
