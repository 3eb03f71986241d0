import type { HeldSymmetricKey } from '../key-stores/key-store.ts';
import type { ClientIdentity } from '../transports/peer.ts';

/** Address of the provisioning service that a device calls. */
interface ClientConfig {
  readonly idScope: string;
  readonly endpoint: string;
  /** False: the device calls port 1883 and speaks MQTT there without TLS. */
  readonly tls?: boolean;
}

/** Content of the memory that a factory writes and a device keeps without power. */
export interface Flash {
  /** Client configuration; a device without one cannot register. */
  readonly config?: ClientConfig;
  readonly certificate?: InstalledCertificate;
  /** A new certificate that DPS and hub have not accepted yet. */
  readonly spare?: InstalledCertificate;
  /** A certificate that DPS issued, for the hub only. */
  readonly issued?: InstalledCertificate;
  /** Raw bytes, or a handle to a key that never leaves its store. */
  readonly symmetricKey?: Buffer | HeldSymmetricKey;
}

/** Parts of the flash to write. A part that is undefined is erased; a part that is absent stays unchanged. */
export type FlashParts = { readonly [Part in keyof Flash]?: Flash[Part] | undefined };

/** A certificate with its chain and with the key, or the handle of the key, that it belongs to. */
export type InstalledCertificate = ClientIdentity & {
  /** DER of the leaf. */
  readonly leaf: Buffer;
  /** True if the device made and signed it, so that no other party has it until it is read out. */
  readonly isDeviceMade?: boolean;
};

/** Erases every part of the flash that holds a key or the handle of one. */
export const erasedCredentials: FlashParts = {
  certificate: undefined,
  spare: undefined,
  issued: undefined,
  symmetricKey: undefined,
};
