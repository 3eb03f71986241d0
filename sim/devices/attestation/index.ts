import type { Attestation } from '../../../core/history/events.ts';
import type { DeviceAttestation } from './attestation.ts';
import { symmetricKey } from './symmetric-key.ts';
import { tpm } from './tpm.ts';
import { x509 } from './x509.ts';

/** The device side of each attestation type, by the name that a scenario uses. */
export const attestations: Readonly<Record<Attestation, DeviceAttestation>> = { x509, tpm, symmetricKey };
