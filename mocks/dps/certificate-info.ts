import { parseCertificate } from '../../core/x509/certificate.ts';
import { utcTicks } from './answer.ts';

/** What the service tells about a certificate in place of the certificate itself; undefined where it cannot be read. */
export function certificateInfo(der: Buffer): Readonly<Record<string, unknown>> | undefined {
  const read = parseCertificate(der);
  if (!read.ok) return undefined;
  const { subject, issuer, thumbprintSha1, thumbprintSha256, notBefore, notAfter, serialNumber, version } =
    read.certificate;
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
