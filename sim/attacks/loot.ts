import type { RegisterBody } from '../../core/wire/dps-wire.ts';
import type { Issued } from '../../core/x509/mint/mint.ts';
import type { Signer } from '../../core/x509/mint/signer.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { HeldSymmetricKey } from '../key-stores/key-store.ts';

/**
 * Things that an attacker stole, bought or copied. Copied bytes stay usable; the kinds `chip` and `use` work only while the attacker has
 * access to the device.
 */
export type Loot =
  | { readonly kind: 'symmetric-key'; readonly key: Buffer; readonly of?: string }
  | { readonly kind: 'group-key'; readonly key: Buffer }
  /** A certificate with its key. `of` is the registration ID of the device that owns the certificate. */
  | { readonly kind: 'certificate'; readonly certificate: InstalledCertificate; readonly of?: string }
  /** A TPM in the possession of the attacker, who can send it any TPM command. */
  | { readonly kind: 'chip'; readonly chip: TpmChip }
  /** A key that stays in its key store. The attacker can use the key but not copy it, and only as long as they have access to the store. */
  | { readonly kind: 'use'; readonly credential: () => Credential }
  /** The key of a CA, which can issue certificates. */
  | { readonly kind: 'ca'; readonly ca: StolenCa }
  /** The public keys of a TPM, which every owner of the device can read. */
  | { readonly kind: 'public-keys'; readonly endorsementKey: Buffer; readonly storageRootKey: Buffer }
  /** The certificates that a device sends in a handshake: DER, leaf first. */
  | { readonly kind: 'public-chain'; readonly certificates: readonly Buffer[] }
  /** A recorded shared access signature. With TPM attestation, `tpm` has the public keys that the device sent with the signature. */
  | { readonly kind: 'token'; readonly token: string; readonly tpm?: NonNullable<RegisterBody['tpm']> }
  /** The key of a shared access policy of DPS or of a hub. */
  | { readonly kind: 'policy-key'; readonly policy: string; readonly key: Buffer }
  /** The ETag of a resource from an earlier response. */
  | { readonly kind: 'etag'; readonly etag: string }
  /** Several items that the attacker found in one place. */
  | { readonly kind: 'bundle'; readonly items: readonly Loot[] }
  /** The theft yielded nothing. `why` is the reason. */
  | { readonly kind: 'nothing'; readonly why: string };

/** The key of a CA, with the intermediates that a device sends after a leaf of this CA. */
export interface StolenCa {
  readonly name: string;
  readonly certificate: Issued;
  readonly keys: Signer;
  /** PKCS #8. */
  readonly keyPem: string | undefined;
  readonly intermediates: readonly Issued[];
}

/** A credential that an attacker sends to register or to connect. */
export type Credential =
  | { readonly kind: 'symmetric-key'; readonly key: Buffer | HeldSymmetricKey }
  | { readonly kind: 'certificate'; readonly certificate: InstalledCertificate }
  | { readonly kind: 'chip'; readonly chip: TpmChip }
  /** The loot yields no credential. `lacks` is the reason. */
  | { readonly kind: 'none'; readonly lacks: string };
