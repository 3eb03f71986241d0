import type { KeyObject } from 'node:crypto';
import type { Attestation } from '../../core/history/events.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { MissingPart } from '../processes/missing-part.ts';
import type { HeldHandshakeKey } from '../transports/peer.ts';

/** The access to the key in the key store of a device that an attacker gets who steals the device. */
export type KeyExposure =
  /** A copy of the key. The attacker can use it for ever. */
  | 'copy'
  /** Use of the key while code of the attacker runs on the device. */
  | 'use-with-code'
  /** Use of the key while the attacker holds the device. */
  | 'use-while-held';

/** A kind of key store of a device. */
export interface KeyStoreKind {
  readonly exposure: KeyExposure;
  /** True if the store signs without giving the key to the software of the device. */
  readonly signsInside: boolean;
  readonly holdsFor: readonly Attestation[];
  /** True if the key is part of the firmware, so that all devices of a fleet have the same one. */
  readonly isPartOfBuild: boolean;
  /** Returns a program or library that the store needs and this computer lacks; undefined if nothing is missing. */
  missingPart?(): MissingPart | undefined;
  open(place: KeyPlace): KeyStore;
}

/** The resources of the device that a store may use. */
interface KeyPlace {
  /** Makes a private folder for the files of the store. */
  readonly makeFolder: () => string;
  /** The TPM of the device, for the store in it. */
  readonly chip: TpmChip | undefined;
}

/** The key store of one device. Its methods reject with an `Error` whose message is a sentence if a real part fails. */
export interface KeyStore {
  /** Makes a key pair in the store. Earlier pairs stay usable until `forgetKey` removes them. */
  makeKeyPair(kind: KeyKind): Promise<StoredKeyPair>;
  /** Stores a symmetric key that was made elsewhere. Returns bytes if the key can be copied, otherwise a handle. */
  keepSymmetricKey(key: Buffer): Promise<Buffer | HeldSymmetricKey>;
  /** Only for a store in a TPM: uses another TPM from now on. Keys in the former one are lost. */
  replaceChip?(chip: TpmChip): void;
  /** Destroys the store with every key in it. Later uses of the store or of its keys reject with `KeyStoreDestroyed`. */
  destroy(): Promise<void>;
}

/** A key pair whose private key is in a store. */
export interface StoredKeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  /** Signs with the hash of the kind. An elliptic-curve signature is r and s, concatenated. */
  readonly sign: (body: Buffer) => Promise<Buffer>;
  /** The key for TLS handshakes: PKCS #8 in PEM, or a handle that only a helper process can use. */
  readonly handshake: { readonly keyPem: string } | { readonly held: HeldHandshakeKey };
}

/** A symmetric key that cannot be read. */
export interface HeldSymmetricKey {
  /** Returns the HMAC-SHA256 of `data`, made where the key is. */
  hmac(data: Buffer): Promise<Buffer>;
  /** Removes the key from its store. Does nothing if it was removed before. */
  remove(): Promise<void>;
}
