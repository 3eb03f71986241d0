/** The credentials that a client sent with its request, before any check. */
export interface Credentials {
  /** DER, leaf first, then the other certificates of the TLS handshake. */
  readonly certificates: readonly Buffer[];
  /** Network address of the client; undefined if there is no connection. */
  readonly from?: string;
  /** A shared access signature, as written. */
  readonly token?: string;
}
