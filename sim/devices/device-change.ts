import type { TpmChip } from './tpm-chip.ts';

/** A change of a device's state that concerns its secrets. The device reports it after the change. */
export type DeviceChange =
  | { readonly kind: 'flash-written' }
  /** The device has a new TPM in the place of the former one, and every key of the former one is lost. */
  | { readonly kind: 'tpm-replaced'; readonly chip: TpmChip }
  /** The device has no TPM any more. */
  | { readonly kind: 'tpm-lost' }
  /** TPM2_Clear: only the endorsement seed is left. */
  | { readonly kind: 'tpm-cleared'; readonly chip: TpmChip }
  /** TPM2_ChangeEPS. */
  | { readonly kind: 'endorsement-seed-replaced'; readonly chip: TpmChip }
  /** The TPM has the state of `original`. */
  | { readonly kind: 'tpm-overwritten'; readonly chip: TpmChip; readonly original: TpmChip }
  | { readonly kind: 'hub-assigned'; readonly place: HubPlace };

/** The identity that a device has at a hub. */
export interface HubPlace {
  /** Host name. */
  readonly hub: string;
  readonly deviceId: string;
}
