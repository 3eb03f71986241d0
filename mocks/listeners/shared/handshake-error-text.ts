/** Explains why OpenSSL ended a handshake, in words for the operator of a lab. */
export function handshakeErrorText(error: Error): string {
  const { code = '', reason = error.message } = error as NodeJS.ErrnoException & { readonly reason?: string };
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'the client did not finish the handshake in time';
  if (code === 'ECONNRESET') return 'the client closed the connection during the handshake';
  if (code === 'ERR_SSL_NO_SHARED_CIPHER')
    return 'the ClientHello is acceptable, but the OpenSSL of this program lacks all its cipher suites, such as 3DES';
  const at = reason.indexOf(alertMark);
  if (at < 0) return `OpenSSL reports: ${reason}`;
  const alert = reason.slice(at + alertMark.length);
  const meaning = meanings[alert];
  return `the client ended the handshake with the alert ${alert}${meaning === undefined ? '' : `: ${meaning}`}`;
}

const alertMark = 'alert ';

/** The usual reasons for which clients send the alerts of RFC 8446 6.2, by the names of the alerts in OpenSSL. */
const meanings: Readonly<Record<string, string>> = {
  'unknown ca': 'the client does not trust the root of the server certificate',
  'bad certificate': 'the client does not accept the server certificate, for example because of the name in it',
  'certificate unknown': 'the client does not accept the server certificate',
  'certificate expired': 'the server certificate is not valid by the clock of the client',
  'unsupported certificate': 'the client cannot use this kind of server certificate',
  'decrypt error': 'the client could not verify a signature of the server',
};
