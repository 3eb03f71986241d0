import type { RegisterBody } from '../../core/wire/dps-wire.ts';
import type { Issued } from '../../core/x509/mint/mint.ts';
import type { Signer } from '../../core/x509/mint/signer.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { HeldSymmetricKey } from '../key-stores/key-store.ts';

/** What somebody has who stole, bought or copied something. Bytes are his for ever; the rest works for as long as it says. */
export type Loot =
  | { readonly kind: 'symmetric-key'; readonly key: Buffer; readonly of?: string }
  | { readonly kind: 'group-key'; readonly key: Buffer }
  /** `of` is the registration ID of the device that it was made for. */
  | { readonly kind: 'certificate'; readonly certificate: InstalledCertificate; readonly of?: string }
  /** A chip in the hand: it does what TPM commands can make it do. */
  | { readonly kind: 'chip'; readonly chip: TpmChip }
  /** The key stayed where it signs, for whoever got at it: until that ends. */
  | { readonly kind: 'use'; readonly credential: () => Credential }
  /** Whoever has it can issue certificates. */
  | { readonly kind: 'ca'; readonly ca: StolenCa }
  /** The public halves of the keys of a TPM: what every owner of the device can read. */
  | { readonly kind: 'public-keys'; readonly endorsementKey: Buffer; readonly storageRootKey: Buffer }
  /** The certificates that a device shows whoever listens to a handshake: DER, leaf first. */
  | { readonly kind: 'public-chain'; readonly certificates: readonly Buffer[] }
  /** A shared access signature that was overheard, of a TPM with the public keys that went over the wire beside it. */
  | { readonly kind: 'token'; readonly token: string; readonly tpm?: NonNullable<RegisterBody['tpm']> }
  /** The key of a shared access policy of the service, or of a hub. */
  | { readonly kind: 'policy-key'; readonly policy: string; readonly key: Buffer }
  /** Which version of something was seen. */
  | { readonly kind: 'etag'; readonly etag: string }
  /** All that lay in one place. */
  | { readonly kind: 'bundle'; readonly items: readonly Loot[] }
  /** There was nothing to take, and why. */
  | { readonly kind: 'nothing'; readonly why: string };

/** The key of a CA with the certificates that a device shows beside its own. */
export interface StolenCa {
  readonly name: string;
  readonly certificate: Issued;
  readonly keys: Signer;
  /** PKCS #8. */
  readonly keyPem: string | undefined;
  readonly intermediates: readonly Issued[];
}

/** What somebody shows a service to be let in. */
export type Credential =
  | { readonly kind: 'symmetric-key'; readonly key: Buffer | HeldSymmetricKey }
  | { readonly kind: 'certificate'; readonly certificate: InstalledCertificate }
  | { readonly kind: 'chip'; readonly chip: TpmChip }
  /** There is nothing to show, and why. */
  | { readonly kind: 'none'; readonly lacks: string };
