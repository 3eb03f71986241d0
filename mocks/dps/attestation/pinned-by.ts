import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';

/**
 * Returns the authentication that DPS registers for a certificate. Primary and secondary thumbprint are both the
 * SHA-256 of this certificate, even if the enrollment has two certificates (azure-iot-sdk-java#1220, iotedge#2951).
 */
export function pinnedBy(thumbprint: string): IdentityAuthentication {
  return { type: 'selfSigned', primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint };
}
