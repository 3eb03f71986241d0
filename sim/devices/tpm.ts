import { defined } from '../../core/defined.ts';
import { formatSas, sasStringToSign } from '../../core/wire/sas.ts';
import { tokenExpiry, type DeviceAttestation } from './attestation.ts';
import type { Device } from './device.ts';

/**
 * Proves that it is the chip with the enrolled endorsement key: it unwraps what the service wrapped for that chip, and
 * signs with it. The key stays in the TPM, as does the hub key that follows.
 */
export const tpm: DeviceAttestation = {
  missing: (device) => (device.tpm === undefined ? 'there is no TPM' : undefined),
  tlsIdentity: () => undefined,
  registerBody: async (device, registrationId) => {
    const chip = chipOf(device);
    return {
      registrationId,
      tpm: {
        endorsementKey: (await chip.use((tpm) => tpm.endorsementKey())).toString('base64'),
        storageRootKey: (await chip.use((tpm) => tpm.storageRootKey())).toString('base64'),
      },
    };
  },
  // The first request goes without one: the key to sign with comes in its answer.
  dpsToken: async () => undefined,
  hubToken: async (device, resource) => signWithTpm(device, encodeURIComponent(resource)),
};

/** A token signed inside the TPM with the key that was activated last. */
export async function signWithTpm(device: Device, sr: string, skn?: string): Promise<string | undefined> {
  const se = tokenExpiry(device);
  const signature = await chipOf(device).use((tpm) => tpm.signWithIdentity(Buffer.from(sasStringToSign(sr, se))));
  if (!signature.ok) return undefined;
  return formatSas({ sr, sig: signature.signature.toString('base64'), se, ...defined({ skn }) });
}

function chipOf(device: Device) {
  if (device.tpm === undefined) throw new Error(`${device.name} has no TPM`);
  return device.tpm;
}
