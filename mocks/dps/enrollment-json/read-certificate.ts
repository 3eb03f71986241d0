import { succeeded } from '../../../core/result.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { readBase64 } from './read-base64.ts';
import { unread, type Read } from './read.ts';

/**
 * Reads a certificate in one of the forms that clients send: PEM, base64 of DER, or base64 of PEM. Other text may
 * precede PEM (RFC 7468 5.2).
 *
 * @param where JSON path of the certificate, for messages.
 */
export function readCertificate(text: string, where: string): Read<Certificate> {
  const source = text.includes('-----BEGIN') ? text : readBase64(text);
  if (source === undefined) return unread(`${where}: expected PEM or base64`);
  const read = parseCertificate(source);
  return read.ok ? succeeded(read.value) : unread(`${where}: ${read.failure.sentence}`);
}
