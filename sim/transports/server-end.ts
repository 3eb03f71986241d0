/**
 * Returns how a server ended a connection, in words such as `alert unknown ca` or `it closed the connection`; undefined if the error has
 * another cause, such as a port at which nothing listens.
 *
 * @param error an error of a socket of Node, of OpenSSL, or of the HTTP client of Node.
 */
export function serverEnd(error: NodeJS.ErrnoException & { readonly reason?: string }): string | undefined {
  // OpenSSL writes `tlsv1 alert protocol version` and `tlsv1 unrecognized name`. Node has this text in the reason of the error, or in the
  // message of EPROTO.
  const alert =
    /^(?:sslv3|tlsv13?) (?:alert )?(.+)$/.exec(error.reason ?? '')?.[1] ??
    (error.message.includes('SSL alert number')
      ? /:(?:sslv3|tlsv13?) (?:alert )?([a-z ]+):/.exec(error.message)?.[1]
      : undefined);
  if (alert !== undefined) return `alert ${alert}`;
  return endings.has(error.code ?? '') ? 'it closed the connection' : undefined;
}

const endings: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
