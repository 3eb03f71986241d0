/** What a client showed beside its request: nothing of it has been judged yet. */
export interface Credentials {
  /** DER, leaf first, then what else came in the TLS handshake. */
  readonly certificates: readonly Buffer[];
  /** Network address that it called from; undefined where no connection brought it. */
  readonly from?: string;
  /** A shared access signature, as written. */
  readonly token?: string;
}
