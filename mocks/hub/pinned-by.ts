import type { IdentityAuthentication } from './registry/identities.ts';

/**
 * How DPS makes a hub recognise a device by a certificate: its SHA-256 thumbprint is the primary and the secondary one
 * (azure-iot-sdk-java#1220, iotedge#2951), whatever other certificate the enrollment has.
 */
export function pinnedBy(thumbprint: string): IdentityAuthentication {
  return { type: 'selfSigned', primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint };
}
