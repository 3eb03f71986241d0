/** The credentials that a client sent with its request, before any check. */
export interface Credentials {
  /** The certificates of the TLS handshake in DER, leaf first. */
  readonly certificates: readonly Buffer[];
  /** Network address of the client; absent if there is no connection. */
  readonly from?: string;
  /** Server name in the ClientHello (SNI); absent if the client sent none. */
  readonly serverName?: string;
  /** The shared access signature as the client sent it. */
  readonly token?: string;
}

/**
 * The credentials that a listener knows before the client sends data: the certificates, the network address of the
 * client, and the server name of the TLS handshake.
 */
export type ConnectionCredentials = Omit<Credentials, 'token'>;
