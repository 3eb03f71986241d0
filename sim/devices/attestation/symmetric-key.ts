import { defined } from '../../../core/defined.ts';
import { formatSas, sasStringToSign, signSas } from '../../../core/wire/sas.ts';
import { tokenExpiry, type DeviceAttestation } from './attestation.ts';
import type { Device } from '../device.ts';

/**
 * Signs tokens with the key in the flash or in the key store. DPS gets the resource name raw and the hub gets it percent-encoded,
 * as the Node SDK does.
 */
export const symmetricKey: DeviceAttestation = {
  missing: ({ flash }) => (flash.symmetricKey === undefined ? 'no symmetric key was installed' : undefined),
  tlsIdentity: () => undefined,
  registerBody: async (_device, registrationId) => ({ registrationId }),
  dpsToken: async (device, resource) => sign(device, resource, 'registration'),
  hubToken: async (device, resource) => sign(device, encodeURIComponent(resource)),
};

async function sign(device: Device, sr: string, skn?: string): Promise<string | undefined> {
  const key = device.flash.symmetricKey;
  if (key === undefined) return undefined;
  const se = tokenExpiry(device);
  const sig = Buffer.isBuffer(key)
    ? signSas(key, sr, se)
    : (await key.hmac(Buffer.from(sasStringToSign(sr, se)))).toString('base64');
  return formatSas({ sr, sig, se, ...defined({ skn }) });
}
