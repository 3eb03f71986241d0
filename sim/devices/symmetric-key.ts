import { formatSas, signSas } from '../../core/sas.ts';
import { tokenExpiry, type DeviceAttestation } from './attestation.ts';
import type { Device } from './device.ts';

/** Signs tokens with a key from its flash. DPS gets the resource raw, the hub percent-encoded, as the Node SDK does. */
export const symmetricKey: DeviceAttestation = {
  missing: ({ flash }) => (flash.symmetricKey === undefined ? 'no symmetric key was installed' : undefined),
  tlsIdentity: () => undefined,
  registerBody: async (_device, registrationId) => ({ registrationId }),
  dpsToken: async (device, resource) => sign(device, resource, 'registration'),
  hubToken: async (device, resource) => sign(device, encodeURIComponent(resource)),
};

function sign(device: Device, sr: string, skn?: string): string | undefined {
  const key = device.flash.symmetricKey;
  if (key === undefined) return undefined;
  const se = tokenExpiry(device);
  return formatSas({ sr, sig: signSas(key, sr, se), se, ...(skn === undefined ? {} : { skn }) });
}
