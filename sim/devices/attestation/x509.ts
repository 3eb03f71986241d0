import type { DeviceAttestation } from './attestation.ts';

/** Proves itself in the TLS handshake, to DPS and to the hub with the same certificate. */
export const x509: DeviceAttestation = {
  missing: ({ flash }) => (flash.certificate === undefined ? 'no certificate was installed' : undefined),
  tlsIdentity: ({ flash }) => flash.certificate,
  registerBody: async (_device, registrationId) => ({ registrationId }),
  dpsToken: async () => undefined,
  hubToken: async () => undefined,
};
