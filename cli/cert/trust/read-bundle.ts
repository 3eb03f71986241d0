import { failed, succeeded, type Result } from '../../../core/result.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { readCertsOnly } from '../../../sim/pki/certs-only.ts';
import { pemBlocks } from '../../../core/x509/der/pem.ts';
import { whatInstead } from '../../../core/x509/der/what-instead.ts';

/**
 * Reads the certificates of a trust bundle: PEM with one or more certificates, DER with one certificate, or PKCS #7. Text between the PEM
 * blocks is ignored (RFC 7468 5.2).
 */
export function readBundle(bytes: Buffer): Result<readonly Certificate[]> {
  if (bytes.length === 0) return failed('bundle-empty', 'the file is empty, expected certificates in PEM or DER');
  const text = bytes.toString('latin1');
  if (/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(text))
    return failed(
      'bundle-has-key',
      'the file contains a private key, but a trust bundle contains only root certificates; remove the key from the file',
    );
  const packed = packedCertificates(bytes, text);
  if (packed !== undefined) return parsed(packed);
  const blocks = pemBlocks(text);
  if (blocks.length === 0 && bytes[0] !== sequence) {
    const found = whatInstead(bytes) ?? 'it is unreadable';
    return failed(
      'bundle-unreadable',
      `the file has no certificate: ${found}; expected certificates in PEM, DER or PKCS #7`,
    );
  }
  return parsed(blocks.length === 0 ? [bytes] : blocks);
}

/** Returns the certificates of PKCS #7, in PEM or DER; undefined if the file is something else. */
function packedCertificates(bytes: Buffer, text: string): readonly Buffer[] | undefined {
  const body = /-----BEGIN PKCS7-----([\sA-Za-z0-9+/=]+)-----END PKCS7-----/.exec(text)?.[1];
  if (body !== undefined) return readCertsOnly(Buffer.from(body, 'base64'));
  return bytes[0] === sequence && !parseCertificate(bytes).ok ? readCertsOnly(bytes) : undefined;
}

function parsed(sources: readonly (Buffer | string)[]): Result<readonly Certificate[]> {
  const certificates: Certificate[] = [];
  for (const [at, source] of sources.entries()) {
    const read = parseCertificate(source);
    if (!read.ok) return failed('bundle-unreadable', `certificate ${at + 1} cannot be read: ${read.failure.sentence}`);
    certificates.push(read.value);
  }
  return succeeded(certificates);
}

/** First octet of a structure in DER. */
const sequence = 0x30;
