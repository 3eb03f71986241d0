import type { Attestation } from '../../../core/history/events.ts';
import type { DeviceAttestation } from './attestation.ts';
import { symmetricKey } from './symmetric-key.ts';
import { tpm } from './tpm.ts';

/** Authenticates in the TLS handshake, with the same certificate to DPS and to the hub. */
const x509: DeviceAttestation = {
  missing: ({ flash }) => (flash.certificate === undefined ? 'no certificate was installed' : undefined),
  tlsIdentity: ({ flash }) => flash.certificate,
  registerBody: async (_device, registrationId) => ({ registrationId }),
  dpsToken: async () => undefined,
  hubToken: async () => undefined,
};

/** The device side of each attestation type, by the name that a scenario uses. */
export const attestations: Readonly<Record<Attestation, DeviceAttestation>> = { x509, tpm, symmetricKey };
