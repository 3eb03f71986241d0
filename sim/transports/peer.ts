import type { Clock } from '../../core/time/clock.ts';

/** The credential of a device in the handshake: PEM of its leaf and of the chain if it is installed, and the key. */
export type ClientIdentity = { readonly chainPem: string } & (
  | { readonly keyPem: string }
  | { readonly held: HeldHandshakeKey }
);

/** A key that signs handshakes where it is stored, and that only a helper process can reach. */
export interface HeldHandshakeKey {
  /** Private folder for the files that the helper process reads. */
  readonly folder: string;
  /** Called before each handshake. */
  access(): Promise<{
    /** Arguments by which `openssl s_client` finds the key. */
    readonly words: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** Called when the helper process has ended. */
    readonly release: () => void;
  }>;
  /** Removes the key from its store for good. Does nothing if it was removed before. */
  remove(): Promise<void>;
}

/** The server to which a device connects, and the rules by which the device verifies it. */
export interface Peer {
  /** The caller, for the history. */
  readonly caller: string;
  /** Local address of the connection. Default: any address of this computer. */
  readonly from?: string | undefined;
  readonly host: string;
  /** Loopback port on which that host is reached in this world. */
  readonly port: number;
  /** Sub-protocol of the WebSocket to open. Default: no WebSocket. */
  readonly subProtocol?: string;
  /** DER of the roots in the device's trust store. */
  readonly roots: readonly Buffer[];
  /** The clock of the device. */
  readonly clock: Clock;
  readonly checksValidity: boolean;
  /** True if the device accepts every server certificate. */
  readonly trustsAnyone?: boolean;
  /** True if the connection has no TLS, so that there is no server certificate to verify. */
  readonly isPlain?: boolean;
  readonly identity?: ClientIdentity;
}
