import { defined } from '../../../core/defined.ts';
import { formatSas, sasStringToSign } from '../../../core/wire/sas.ts';
import { tokenExpiry, type DeviceAttestation } from './attestation.ts';
import type { Device } from '../device.ts';

/**
 * Proves that the device has the TPM with the enrolled endorsement key. DPS wraps a key for this TPM, the TPM unwraps the key and signs
 * with it. This key and the hub key stay in the TPM. A device without its TPM sends no keys and no token, so the service rejects it.
 */
export const tpm: DeviceAttestation = {
  missing: (device) => (device.tpm === undefined ? 'the device has no TPM' : undefined),
  tlsIdentity: () => undefined,
  registerBody: async ({ tpm: chip }, registrationId) => {
    if (chip === undefined) return { registrationId };
    return {
      registrationId,
      tpm: {
        endorsementKey: (await chip.use((tpm) => tpm.endorsementKey())).toString('base64'),
        storageRootKey: (await chip.use((tpm) => tpm.storageRootKey())).toString('base64'),
      },
    };
  },
  // The first request needs no token. DPS answers it with the key that signs the token of the second request.
  dpsToken: async () => undefined,
  hubToken: async (device, resource) => signWithTpm(device, encodeURIComponent(resource)),
};

/**
 * Returns a token that the TPM signs with the key from its last TPM2_ActivateCredential; undefined if the TPM has no key from this command.
 */
export async function signWithTpm(device: Device, sr: string, skn?: string): Promise<string | undefined> {
  const se = tokenExpiry(device);
  const signature = await device.tpm?.use((tpm) => tpm.signWithIdentity(Buffer.from(sasStringToSign(sr, se))));
  if (signature?.ok !== true) return undefined;
  return formatSas({ sr, sig: signature.value.toString('base64'), se, ...defined({ skn }) });
}
