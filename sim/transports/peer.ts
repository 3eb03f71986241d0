import type { ClientTls } from '../../core/wire/tls/client-tls.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';

/** The credential of a device in a TLS handshake: its key, and PEM of its leaf and of the installed rest of the chain. */
export type ClientIdentity = { readonly chainPem: string } & (
  | { readonly keyPem: string }
  | { readonly held: HeldHandshakeKey }
);

/** A key for TLS handshakes that never leaves its key store. Only a helper process can use it. */
export interface HeldHandshakeKey {
  /** Private folder for the files that the helper process reads. */
  readonly folder: string;
  /** Receives the helper process if it crashes or fails. */
  readonly onBroken?: RecordBroken | undefined;
  /** Makes the key usable. The caller calls this before each handshake. */
  access(): Promise<{
    /** Arguments that tell `openssl s_client` where the key is. */
    readonly words: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** Ends the access to the key. The caller calls this when the helper process has ended. */
    readonly release: () => void;
  }>;
  /** Removes the key from its store permanently. Does nothing if the key was removed before. */
  remove(): Promise<void>;
}

/** The server to which a device connects, and how the device verifies that server. */
export interface Peer {
  /** Name of the caller in the history. */
  readonly caller: string;
  /** Local IP address from which the caller connects. Default: any address of this computer. */
  readonly from?: string | undefined;
  readonly host: string;
  /** Loopback port at which the simulated cloud serves `host`. */
  readonly port: number;
  /** Sub-protocol of a WebSocket to open inside the connection. Default: no WebSocket. */
  readonly subProtocol?: string;
  /** Root certificates (DER) in the trust store of the device. */
  readonly roots: readonly Buffer[];
  /** The clock of the device. */
  readonly clock: Clock;
  readonly checksValidity: boolean;
  /** True if the device accepts every server certificate. */
  readonly trustsAnyone?: boolean;
  /** TLS settings that the caller offers. Default: the settings of OpenSSL. */
  readonly tls?: ClientTls;
  /** True if the connection has no TLS and therefore no server certificate. */
  readonly isPlain?: boolean;
  readonly identity?: ClientIdentity;
  /** Receives the certificates of each server that the device accepts: DER, leaf first. */
  readonly onServerAccepted?: (chain: readonly Buffer[]) => void;
}
