import type { HeldSymmetricKey } from '../key-stores/key-store.ts';
import type { ClientIdentity } from '../transports/peer.ts';

/** Address of the provisioning service to which a device connects. */
interface ClientConfig {
  readonly idScope: string;
  readonly endpoint: string;
  /** If false, the device speaks MQTT without TLS on port 1883. */
  readonly tls?: boolean;
}

/** Content of the non-volatile memory, which the factory writes and which survives a power failure. */
export interface Flash {
  /** Client configuration. A device without it cannot register. */
  readonly config?: ClientConfig;
  readonly certificate?: InstalledCertificate;
  /** A new certificate that DPS and the hub have not accepted yet. */
  readonly spare?: InstalledCertificate;
  /** A certificate that DPS issued. It is valid only for the hub. */
  readonly issued?: InstalledCertificate;
  /** Bytes of the key, or a handle to a key that never leaves its store. */
  readonly symmetricKey?: Buffer | HeldSymmetricKey;
}

/** Parts of the flash to write. A part set to undefined is erased; an omitted part stays unchanged. */
export type FlashParts = { readonly [Part in keyof Flash]?: Flash[Part] | undefined };

/** A certificate with its chain and its private key. The key is bytes, or a handle to a key in a store. */
export type InstalledCertificate = ClientIdentity & {
  /** DER of the leaf. */
  readonly leaf: Buffer;
  /** True if the device itself made and signed the certificate. No other party has it until the factory reads it out. */
  readonly isDeviceMade?: boolean;
};

/** Flash parts that erase every key and every handle to a key. */
export const erasedCredentials: FlashParts = {
  certificate: undefined,
  spare: undefined,
  issued: undefined,
  symmetricKey: undefined,
};
