import type { TpmChip } from './tpm-chip.ts';

/** A change to the secrets of a device. The device reports it to subscribers after the change. */
export type DeviceChange =
  | { readonly kind: 'flash-written' }
  /** The device has a new TPM. Every key in the previous TPM is lost. */
  | { readonly kind: 'tpm-replaced'; readonly chip: TpmChip }
  /** The device no longer has a TPM. */
  | { readonly kind: 'tpm-lost' }
  /** TPM2_Clear erased the TPM. Only the endorsement seed is left. */
  | { readonly kind: 'tpm-cleared'; readonly chip: TpmChip }
  /** TPM2_ChangeEPS replaced the endorsement seed. */
  | { readonly kind: 'endorsement-seed-replaced'; readonly chip: TpmChip }
  /** The state of `original` was copied over the state of the TPM. */
  | { readonly kind: 'tpm-overwritten'; readonly chip: TpmChip; readonly original: TpmChip }
  | { readonly kind: 'hub-assigned'; readonly place: HubPlace };

/** The identity that a device has at a hub. */
export interface HubPlace {
  /** Host name. */
  readonly hub: string;
  readonly deviceId: string;
}
