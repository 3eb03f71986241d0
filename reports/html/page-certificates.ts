import { defined } from '../../core/defined.ts';
import type { Run } from '../../core/run/run.ts';
import { type Certificate, parseCertificate } from '../../core/x509/certificate.ts';
import { extensionOids } from '../../core/x509/der/oids.ts';
import { showGeneralName } from '../../core/x509/general-name.ts';
import { signatureAlgorithmOf } from '../../core/x509/signature.ts';
import type { PageCertificate } from './page-data.ts';

/**
 * Returns the certificates of all runs, each once, by SHA-256 thumbprint. Skips an entry that is not a certificate.
 * @param known certificates that an earlier call has read, by thumbprint. The call adds the others. Default: none.
 */
export function pageCertificates(
  runs: readonly Run[],
  known = new Map<string, PageCertificate>(),
): Readonly<Record<string, PageCertificate>> {
  const found: Record<string, PageCertificate> = {};
  for (const [thumbprint, der] of runs.flatMap(({ certificates = {} }) => Object.entries(certificates))) {
    if (Object.hasOwn(found, thumbprint)) continue;
    const page = known.get(thumbprint) ?? readPageCertificate(der);
    if (page === undefined) continue;
    known.set(thumbprint, page);
    found[thumbprint] = page;
  }
  return found;
}

/** @param der base64. */
function readPageCertificate(der: string): PageCertificate | undefined {
  const read = parseCertificate(Buffer.from(der, 'base64'));
  return read.ok ? pageCertificate(read.value) : undefined;
}

/** Returns the fields of a certificate that a page shows. */
export function pageCertificate(certificate: Certificate): PageCertificate {
  const { serialNumber, version, thumbprintSha1, der, subjectAltName, keyUsage, critical } = certificate;
  const { extendedKeyUsage, basicConstraints, signature } = certificate;
  return {
    serial: serialNumber,
    version,
    key: keyText(certificate),
    signature: signatureAlgorithmOf(certificate)?.name ?? signature.algorithm,
    ...defined({
      names: subjectAltName?.map(showGeneralName),
      keyUsage: keyUsage && [...keyUsage],
      extendedKeyUsage,
      basicConstraints,
    }),
    critical: shownExtensions.filter((name) => critical.includes(extensionOids[name])),
    sha1: thumbprintSha1,
    der: der.toString('base64'),
  };
}

const shownExtensions = ['subjectAltName', 'keyUsage', 'extendedKeyUsage', 'basicConstraints'] as const;

function keyText({ publicKey }: Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const kind = (publicKey.asymmetricKeyType ?? 'unknown').toUpperCase();
  const size = namedCurve ?? modulusLength;
  return size === undefined ? kind : `${kind} ${size}`;
}
