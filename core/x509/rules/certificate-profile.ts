import type { Certificate } from '../certificate.ts';
import { extensionOids } from '../der/oids.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 section 4: the form of certificates that CAs must issue. Section 6 does not require that verifiers check
 * this form, and many real certificates deviate from it. So the verifier checks this rule only on request (compare
 * OpenSSL's -x509_strict).
 */
export const certificateProfile: PathRule = (judged) => {
  for (const [depth, certificate] of judged.path.entries()) {
    const broken = requirements.find(([, isMet]) => !isMet(certificate));
    if (broken !== undefined) {
      return [
        failedStep(
          'certificate-profile',
          depth,
          broken[0],
          `${certificate.subject || 'the leaf'}, which violates this rule`,
        ),
      ];
    }
  }
  return [
    passedStep(
      'certificate-profile',
      judged,
      'certificates with the form of RFC 5280 section 4',
      `${judged.path.length} such certificates`,
    ),
  ];
};

type Requirement = readonly [sentence: string, isMet: (certificate: Certificate) => boolean];

const isCa = ({ basicConstraints }: Certificate): boolean => basicConstraints?.ca === true;
const isCritical = ({ critical, present }: Certificate, oid: string): boolean =>
  critical.includes(oid) || !present.includes(oid);

const requirements: readonly Requirement[] = [
  ['extensions only in version 3 (RFC 5280 4.1.2.9)', ({ version, present }) => version === 3 || present.length === 0],
  ['a serial number above zero, of at most 20 octets (RFC 5280 4.1.2.2)', ({ serialNumber }) => isSerial(serialNumber)],
  ['an issuer with a name (RFC 5280 4.1.2.4)', ({ issuerName }) => issuerName.parts.length > 0],
  [
    'a CA with a name (RFC 5280 4.1.2.6)',
    (certificate) => !isCa(certificate) || certificate.subjectName.parts.length > 0,
  ],
  [
    'a subject with a name, or a critical subjectAltName (RFC 5280 4.1.2.6)',
    ({ subjectName, critical }) => subjectName.parts.length > 0 || critical.includes(extensionOids.subjectAltName),
  ],
  [
    'names in subjectAltName (RFC 5280 4.2.1.6)',
    ({ subjectAltName }) => subjectAltName === undefined || subjectAltName.length > 0,
  ],
  [
    'critical basicConstraints in a CA (RFC 5280 4.2.1.9)',
    (ca) => !isCa(ca) || isCritical(ca, extensionOids.basicConstraints),
  ],
  [
    'a path length only in CAs that may sign certificates (RFC 5280 4.2.1.9)',
    (certificate) =>
      certificate.basicConstraints?.pathLength === undefined ||
      (isCa(certificate) && certificate.keyUsage?.has('keyCertSign') !== false),
  ],
  [
    'a CA with a key usage (RFC 5280 4.2.1.3)',
    (certificate) => !isCa(certificate) || certificate.keyUsage !== undefined,
  ],
  [
    'key usage keyCertSign only in CAs (RFC 5280 4.2.1.3)',
    (certificate) => isCa(certificate) || certificate.keyUsage?.has('keyCertSign') !== true,
  ],
  [
    'an authority key identifier, unless self-signed (RFC 5280 4.2.1.1)',
    (certificate) => certificate.selfIssued || certificate.authorityKeyIdentifier?.keyIdentifier !== undefined,
  ],
  [
    'a CA with a subject key identifier (RFC 5280 4.2.1.2)',
    (certificate) => !isCa(certificate) || certificate.subjectKeyIdentifier !== undefined,
  ],
  [
    'name constraints only in CAs (RFC 5280 4.2.1.10)',
    (certificate) => isCa(certificate) || certificate.nameConstraints === undefined,
  ],
  [
    'critical name constraints (RFC 5280 4.2.1.10)',
    (certificate) => isCritical(certificate, extensionOids.nameConstraints),
  ],
  [
    'name constraints with at least one subtree (RFC 5280 4.2.1.10)',
    ({ nameConstraints }) =>
      nameConstraints === undefined || nameConstraints.permitted.length + nameConstraints.excluded.length > 0,
  ],
  [
    'critical policy constraints (RFC 5280 4.2.1.11)',
    (certificate) => isCritical(certificate, extensionOids.policyConstraints),
  ],
  [
    'a critical inhibitAnyPolicy (RFC 5280 4.2.1.14)',
    (certificate) => isCritical(certificate, extensionOids.inhibitAnyPolicy),
  ],
];

function isSerial(serialNumber: string): boolean {
  return (
    !/^0*$/.test(serialNumber) && serialNumber.length <= 40 && Number.parseInt(serialNumber.slice(0, 2), 16) < 0x80
  );
}
