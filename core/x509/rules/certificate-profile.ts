import type { Certificate } from '../certificate.ts';
import { extensionOids } from '../der/oids.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * What RFC 5280 section 4 asks of whoever makes certificates. Section 6 does not ask it of whoever judges them, and many
 * certificates in the field fall short, so this rule is judged on request only (compare OpenSSL's -x509_strict).
 */
export const certificateProfile: PathRule = (judged) => {
  for (const [depth, certificate] of judged.path.entries()) {
    const broken = demands.find(([, isMet]) => !isMet(certificate));
    if (broken !== undefined) {
      return [
        failedStep(
          'certificate-profile',
          depth,
          broken[0],
          `${certificate.subject || 'the leaf'}, which is made otherwise`,
        ),
      ];
    }
  }
  return [
    passedStep(
      'certificate-profile',
      judged,
      'certificates as RFC 5280 section 4 asks',
      `${judged.path.length} such certificates`,
    ),
  ];
};

type Demand = readonly [sentence: string, isMet: (certificate: Certificate) => boolean];

const isCa = ({ basicConstraints }: Certificate): boolean => basicConstraints?.ca === true;
const isCritical = ({ critical, present }: Certificate, oid: string): boolean =>
  critical.includes(oid) || !present.includes(oid);

const demands: readonly Demand[] = [
  ['extensions in version 3 only (4.1.2.9)', ({ version, present }) => version === 3 || present.length === 0],
  ['a serial number above zero, of at most 20 octets (4.1.2.2)', ({ serialNumber }) => isSerial(serialNumber)],
  ['an issuer that has a name (4.1.2.4)', ({ issuerName }) => issuerName.parts.length > 0],
  ['a CA that has a name (4.1.2.6)', (certificate) => !isCa(certificate) || certificate.subjectName.parts.length > 0],
  [
    'a subject that has a name, or a critical subjectAltName (4.1.2.6)',
    ({ subjectName, critical }) => subjectName.parts.length > 0 || critical.includes(extensionOids.subjectAltName),
  ],
  [
    'names in subjectAltName (4.2.1.6)',
    ({ subjectAltName }) => subjectAltName === undefined || subjectAltName.length > 0,
  ],
  [
    'a CA whose basicConstraints are critical (4.2.1.9)',
    (ca) => !isCa(ca) || isCritical(ca, extensionOids.basicConstraints),
  ],
  [
    'a path length in CAs that may sign certificates only (4.2.1.9)',
    (certificate) =>
      certificate.basicConstraints?.pathLength === undefined ||
      (isCa(certificate) && certificate.keyUsage?.has('keyCertSign') !== false),
  ],
  [
    'a CA that states its key usage (4.2.1.3)',
    (certificate) => !isCa(certificate) || certificate.keyUsage !== undefined,
  ],
  [
    'key usage keyCertSign in CAs only (4.2.1.3)',
    (certificate) => isCa(certificate) || certificate.keyUsage?.has('keyCertSign') !== true,
  ],
  [
    'an authority key identifier, unless self-signed (4.2.1.1)',
    (certificate) => certificate.selfIssued || certificate.authorityKeyIdentifier?.keyIdentifier !== undefined,
  ],
  [
    'a CA with a subject key identifier (4.2.1.2)',
    (certificate) => !isCa(certificate) || certificate.subjectKeyIdentifier !== undefined,
  ],
  [
    'name constraints in CAs only (4.2.1.10)',
    (certificate) => isCa(certificate) || certificate.nameConstraints === undefined,
  ],
  ['critical name constraints (4.2.1.10)', (certificate) => isCritical(certificate, extensionOids.nameConstraints)],
  [
    'name constraints that say something (4.2.1.10)',
    ({ nameConstraints }) =>
      nameConstraints === undefined || nameConstraints.permitted.length + nameConstraints.excluded.length > 0,
  ],
  ['critical policy constraints (4.2.1.11)', (certificate) => isCritical(certificate, extensionOids.policyConstraints)],
  ['a critical inhibitAnyPolicy (4.2.1.14)', (certificate) => isCritical(certificate, extensionOids.inhibitAnyPolicy)],
];

function isSerial(serialNumber: string): boolean {
  return (
    !/^0*$/.test(serialNumber) && serialNumber.length <= 40 && Number.parseInt(serialNumber.slice(0, 2), 16) < 0x80
  );
}
