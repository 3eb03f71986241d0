/** Explains why OpenSSL ended a handshake, in words for the operator of a lab. */
export function handshakeErrorText(error: Error): string {
  const { code = '', reason = error.message } = error as NodeJS.ErrnoException & { readonly reason?: string };
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'the client did not finish the handshake in time';
  if (code === 'ECONNRESET') return 'the client closed the connection during the handshake';
  if (code === 'ERR_SSL_NO_SHARED_CIPHER')
    return 'the offer is acceptable, but OpenSSL of this program has no suite of it, such as 3DES';
  const at = reason.indexOf(alertMark);
  if (at < 0) return `OpenSSL reports: ${reason}`;
  const alert = reason.slice(at + alertMark.length);
  const meaning = meanings[alert];
  return `the client ended the handshake with the alert ${alert}${meaning === undefined ? '' : `: ${meaning}`}`;
}

const alertMark = 'alert ';

/** Frequent reasons of clients for the alerts of RFC 8446 6.2, by the names that OpenSSL gives them. */
const meanings: Readonly<Record<string, string>> = {
  'unknown ca': 'it does not trust the root of the server certificate',
  'bad certificate': 'it does not accept the server certificate, for example because of its name',
  'certificate unknown': 'it does not accept the server certificate',
  'certificate expired': 'the server certificate is not valid by its clock',
  'unsupported certificate': 'it cannot use the kind of the server certificate',
  'decrypt error': 'it could not verify a signature of the server',
};
