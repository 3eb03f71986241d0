import { useContext } from 'preact/hooks';
import type { CertificateSpan } from '../../../../core/history/certificate-span.ts';
import type { PageCertificate } from '../../page-data.ts';
import { CopyButton } from '../copy-button.tsx';
import { instantText } from '../format/instant.ts';
import { KnownCertificates } from './known-certificates.ts';
import { pemOf } from './pem-of.ts';

/** The fields of an X.509 certificate, with its PEM. Shows nothing if the page does not have the certificate. */
export function CertificateCard({
  span,
  isOpen = false,
}: {
  readonly span: CertificateSpan;
  readonly isOpen?: boolean;
}) {
  const { thumbprint = '' } = span;
  const certificate = useContext(KnownCertificates)[thumbprint];
  if (certificate === undefined) return null;
  const pem = pemOf(certificate.der);
  return (
    <details class="certificate" open={isOpen}>
      <summary>
        X.509 certificate<span class="unseen"> of {span.subject}</span>
      </summary>
      <dl class="facts-list">
        {rowsOf(span, thumbprint, certificate).map(([name, value, isCode]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{isCode === true ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
      <details class="pem">
        <summary>PEM</summary>
        <pre tabIndex={0}>{pem}</pre>
      </details>
      <p class="actions">
        <CopyButton name="Copy PEM" text={pem} />
        <CopyButton name="Copy SHA-256 thumbprint" text={thumbprint} />
      </p>
    </details>
  );
}

type FactRow = readonly [name: string, value: string, isCode?: boolean];

function rowsOf(span: CertificateSpan, thumbprint: string, certificate: PageCertificate): readonly FactRow[] {
  const { serial, version, key, signature, names, keyUsage, extendedKeyUsage, basicConstraints, sha1, critical } =
    certificate;
  const marked = (name: string, text: string): string => (critical.includes(name) ? `${text} (critical)` : text);
  return [
    ['Subject', span.subject],
    ['Issuer', span.subject === span.issuer ? `${span.issuer} (self-signed)` : span.issuer],
    ['Serial number', pairs(serial), true],
    ['Valid from', `${instantText(span.notBefore)} UTC`],
    ['Valid until', `${instantText(span.notAfter)} UTC`],
    ['Alternative names', names === undefined ? 'none' : marked('subjectAltName', names.join(', '))],
    ['Key usage', keyUsage === undefined ? 'any' : marked('keyUsage', keyUsage.join(', '))],
    [
      'Extended key usage',
      extendedKeyUsage === undefined ? 'any' : marked('extendedKeyUsage', extendedKeyUsage.join(', ')),
    ],
    [
      'Basic constraints',
      basicConstraints === undefined ? 'none' : marked('basicConstraints', caText(basicConstraints)),
    ],
    ['Public key', key],
    ['Signature', signature],
    ['Version', String(version)],
    ['SHA-1', pairs(sha1), true],
    ['SHA-256', pairs(thumbprint), true],
  ];
}

function caText({ ca, pathLength }: NonNullable<PageCertificate['basicConstraints']>): string {
  if (!ca) return 'not a CA';
  return pathLength === undefined ? 'CA, any path length' : `CA, path length ${pathLength}`;
}

/** Formats octets in hexadecimal with colons, as certificate viewers do: `0A:1B`. */
function pairs(hex: string): string {
  return (hex.match(/.{1,2}/g) ?? []).join(':');
}
