import { defined } from '../../core/defined.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { utcTicks } from './answer.ts';

/**
 * Returns the `info` of a certificate, which the service sends instead of the certificate; undefined if the certificate cannot
 * be parsed.
 */
function certificateInfo(der: Buffer): Readonly<Record<string, unknown>> | undefined {
  const read = parseCertificate(der);
  if (!read.ok) return undefined;
  const { subject, issuer, thumbprintSha1, thumbprintSha256, notBefore, notAfter, serialNumber, version } = read.value;
  return {
    subjectName: subject,
    sha1Thumbprint: thumbprintSha1,
    sha256Thumbprint: thumbprintSha256,
    issuerName: issuer,
    notBeforeUtc: utcTicks(notBefore),
    notAfterUtc: utcTicks(notAfter),
    serialNumber,
    version,
  };
}

/** Returns the `info` of a primary certificate and, if it exists, of the secondary certificate. */
export function certificatePair(primary: Buffer, secondary?: Buffer): object {
  return {
    primary: { info: certificateInfo(primary) },
    ...defined({ secondary: secondary && { info: certificateInfo(secondary) } }),
  };
}
