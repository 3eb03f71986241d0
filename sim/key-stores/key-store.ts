import type { KeyObject } from 'node:crypto';
import type { Attestation } from '../../core/history/events.ts';
import type { KeyKind } from '../../core/x509/mint/mint.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { HeldHandshakeKey } from '../transports/tls-connection.ts';

/** What somebody has who got at a device. */
export type Theft =
  /** The key itself, for ever. */
  | 'copy'
  /** Its use, while code of the thief runs on the device. */
  | 'use-with-code'
  /** Its use, while the thief has the device in hand. */
  | 'use-while-held';

/** A kind of place where a device keeps its key. */
export interface KeyStoreKind {
  readonly theft: Theft;
  /** Whether it signs without giving the key to the software of the device. */
  readonly signsInside: boolean;
  readonly holdsFor: readonly Attestation[];
  /** Whether the key is part of the firmware, so that every device of an entry has the same one. */
  readonly isPartOfBuild: boolean;
  /** Which part of this machine a real store lacks; undefined where all is there, or where no part is needed. */
  missingPart?(): MissingPart | undefined;
  open(place: KeyPlace): KeyStore;
}

/** What `PartMissing` says. */
export interface MissingPart {
  readonly part: string;
  readonly remedy: string;
}

/** Where a store is. */
interface KeyPlace {
  /** Makes a private folder for what the store keeps. */
  readonly makeFolder: () => string;
  /** The chip of the device, for the store that is one. */
  readonly chip: TpmChip | undefined;
}

/** One device's own store. Rejects with an `Error` in a sentence where a real part fails. */
export interface KeyStore {
  /** Makes a key pair in the store; the former ones stay usable until `forgetKey` takes them out. */
  makeKeyPair(kind: KeyKind): Promise<StoredKeyPair>;
  /** Takes in a symmetric key that was made elsewhere. Bytes are what can be copied. */
  keepSymmetricKey(key: Buffer): Promise<Buffer | HeldSymmetricKey>;
  /** Only for a store in a TPM: uses another TPM from now on. Keys in the former one are lost. */
  replaceChip?(chip: TpmChip): void;
  /** Destroys the store with every key in it. Later uses of the store or of its keys reject with `KeyStoreDestroyed`. */
  destroy(): Promise<void>;
}

/** A key pair whose private half is in a store. */
export interface StoredKeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  /** Signs with the kind's own hash; r and s side by side for an elliptic curve. */
  readonly sign: (body: Buffer) => Promise<Buffer>;
  /** What TLS handshakes are made with: PKCS #8 in PEM, or what only a helper process can use. */
  readonly handshake: { readonly keyPem: string } | { readonly held: HeldHandshakeKey };
}

/** A symmetric key that cannot be read. */
export interface HeldSymmetricKey {
  /** Returns the HMAC-SHA256 of `data`, made where the key is. */
  hmac(data: Buffer): Promise<Buffer>;
  /** Takes the key out of its store. Does nothing if it is gone already. */
  remove(): Promise<void>;
}
