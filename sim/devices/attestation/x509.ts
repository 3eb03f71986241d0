import type { DeviceAttestation } from './attestation.ts';

/** Authenticates in the TLS handshake, with the same certificate to DPS and to the hub. */
export const x509: DeviceAttestation = {
  missing: ({ flash }) => (flash.certificate === undefined ? 'no certificate was installed' : undefined),
  tlsIdentity: ({ flash }) => flash.certificate,
  registerBody: async (_device, registrationId) => ({ registrationId }),
  dpsToken: async () => undefined,
  hubToken: async () => undefined,
};
