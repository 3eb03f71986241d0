import { defined } from '../../../core/defined.ts';
import { succeeded } from '../../../core/result.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { readCertificate } from './read-certificate.ts';
import type { CertificateJson } from './shape.ts';
import { unread, type Read } from './read.ts';

interface Certificates {
  readonly primary: Buffer;
  readonly secondary?: Buffer;
}

interface CertificatesJson {
  readonly primary?: CertificateJson | null | undefined;
  readonly secondary?: CertificateJson | null | undefined;
}

/**
 * Reads the primary and the secondary certificate of an enrollment.
 *
 * @param former the current certificates. Clients may send their `info` back, because the service does not return the
 * certificates themselves.
 * @param where the JSON path of the certificates, for messages.
 */
export function readCertificates(
  json: CertificatesJson | null | undefined,
  former: Certificates | undefined,
  where: string,
): Read<Certificates & { readonly type: 'x509' }> {
  const known = former === undefined ? [] : [former.primary, ...(former.secondary ? [former.secondary] : [])];
  const primary = readOne(json?.primary, known, `${where}.primary`);
  if (!primary.ok) return primary;
  const secondary = readOne(json?.secondary, known, `${where}.secondary`);
  if (!secondary.ok) return secondary;
  const first = primary.value ?? secondary.value;
  if (first === undefined) return unread(`${where}: expected a primary certificate`);
  return succeeded({
    type: 'x509',
    primary: first,
    ...defined({ secondary: primary.value === undefined ? undefined : secondary.value }),
  });
}

function readOne(
  json: CertificateJson | null | undefined,
  known: readonly Buffer[],
  where: string,
): Read<Buffer | undefined> {
  if (json === undefined || json === null) return succeeded(undefined);
  if (typeof json.certificate === 'string' && json.certificate !== '') {
    const read = readCertificate(json.certificate, `${where}.certificate`);
    return !read.ok ? read : succeeded(read.value.der);
  }
  const thumbprint = json.info?.sha256Thumbprint;
  if (typeof thumbprint !== 'string') return succeeded(undefined);
  const same = known.find((der) => {
    const read = parseCertificate(der);
    return read.ok && read.value.thumbprintSha256 === thumbprint.toUpperCase();
  });
  return same === undefined
    ? unread(`${where}.certificate: missing, and info matches no certificate of the enrollment`)
    : succeeded(same);
}
