import type { KeyObject } from 'node:crypto';
import type { Attestation } from '../../core/history/events.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';
import type { MissingPart } from '../processes/missing-part.ts';
import type { HeldHandshakeKey } from '../transports/peer.ts';

/** Access to the key in a key store that an attacker gets if they steal the device. */
export type KeyExposure =
  /** A copy of the key. The attacker can use it forever. */
  | 'copy'
  /** Use of the key while the code of the attacker runs on the device. */
  | 'use-with-code'
  /** Use of the key while the attacker holds the device. */
  | 'use-while-held';

/** A kind of key store, for example a file or a TPM. */
export interface KeyStoreKind {
  readonly exposure: KeyExposure;
  /** True if the store signs by itself and never gives the key to the software of the device. */
  readonly signsInside: boolean;
  readonly holdsFor: readonly Attestation[];
  /** True if the key is part of the firmware. All devices of a fleet then have the same key. */
  readonly isPartOfBuild: boolean;
  /** Returns a program or library that the store needs and that is not installed; undefined if nothing is missing. */
  missingPart?(): MissingPart | undefined;
  open(place: KeyPlace): KeyStore;
}

/** The resources of the device that a store may use. */
interface KeyPlace {
  /** Makes a private folder for the files of the store. */
  readonly makeFolder: () => string;
  /** The TPM of the device. Only the key store `tpm` uses it. */
  readonly chip: TpmChip | undefined;
  /** Receives each helper program of the store that crashes or fails. */
  readonly onBroken: RecordBroken | undefined;
}

/**
 * The key store of one device. If a program behind the store fails, such as SoftHSM, the methods reject with an `Error` whose message is a
 * sentence.
 */
export interface KeyStore {
  /** Makes a key pair in the store. Earlier key pairs stay usable until `forgetKey` removes them. */
  makeKeyPair(kind: KeyKind): Promise<StoredKeyPair>;
  /** Stores a symmetric key that another party made. Returns its bytes if the store lets the key be copied, otherwise a handle. */
  keepSymmetricKey(key: Buffer): Promise<Buffer | HeldSymmetricKey>;
  /** Uses another TPM from now on; keys in the previous TPM are lost. Only the key store `tpm` has this method. */
  replaceChip?(chip: TpmChip): void;
  /** Destroys the store with every key in it. Later uses of the store or its keys reject with `KeyStoreDestroyed`. */
  destroy(): Promise<void>;
}

/** A key pair whose private key is in a store. */
export interface StoredKeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  /** Signs `body` with the hash algorithm of the key kind. An ECDSA signature is r and s, concatenated. */
  readonly sign: (body: Buffer) => Promise<Buffer>;
  /** The key for TLS handshakes: PKCS #8 in PEM, or a handle with which only a helper process can use the key. */
  readonly handshake: { readonly keyPem: string } | { readonly held: HeldHandshakeKey };
}

/** A symmetric key in a store that does not reveal it. */
export interface HeldSymmetricKey {
  /** Returns the HMAC-SHA256 of `data`. The store computes it. */
  hmac(data: Buffer): Promise<Buffer>;
  /** Removes the key from its store. Does nothing if the key was removed before. */
  remove(): Promise<void>;
}
