import type { DecisionTrace } from '../../core/history/decision.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { extensionOids } from '../../core/x509/der/oids.ts';
import { pemBlocks } from '../../core/x509/der/pem.ts';
import type { KeyUsage } from '../../core/x509/extensions.ts';
import { keyWeakness } from '../../core/x509/key-strength.ts';
import type { DistinguishedName } from '../../core/x509/name.ts';
import { isSignedBy, signatureAlgorithmOf } from '../../core/x509/signature.ts';

/** The values of a signing request that the certificate must have. */
interface Requested {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Buffer;
}

/**
 * Checks the chain with which a customer activates an external CA: azure-docs `how-to-create-policy-external-certificate`. Each rule is a separate
 * check.
 *
 * @param text PEM: the signed certificate, then the certificates above it, optionally with the root.
 * @returns the certificates in their order; undefined if a check failed.
 */
export function judgeExternalCa(
  text: string,
  requested: Requested,
  now: Millis,
  trace: DecisionTrace,
): readonly Certificate[] | undefined {
  const read = pemBlocks(text)
    .slice(0, chainLimit + 1)
    .map((block) => parseCertificate(block));
  const chain = read.flatMap((each) => (each.ok ? [each.value] : []));
  const unread = read.find((each) => !each.ok);
  const isReadable = unread === undefined && chain.length > 0 && chain.length <= chainLimit;
  const found = unread?.failure.sentence ?? `${read.length} certificates`;
  trace.check('external-ca-chain-readable', isReadable, `1 to ${chainLimit} certificates in PEM`, found);
  const [ca] = chain;
  // Even if the check is disabled, a CA without a certificate cannot be activated.
  if (ca === undefined || (!isReadable && !trace.isDisabled('external-ca-chain-readable'))) return undefined;
  const hasPassed = rules(ca, chain, requested, now).every(([check, passed, expected, value]) =>
    trace.check(check, passed, expected, value),
  );
  trace.setCertificates(chain);
  // Even if the check is disabled, a CA cannot sign with the key of another certificate.
  return hasPassed && ca.publicKeyInfo.equals(requested.publicKeyInfo) ? chain : undefined;
}

type Rule = readonly [Parameters<DecisionTrace['check']>[0], boolean, string, string];

function rules(ca: Certificate, chain: readonly Certificate[], requested: Requested, now: Millis): readonly Rule[] {
  return [...keyRules(ca, requested), ...extensionRules(ca), ...validityRules(ca, now), chainRule(chain)];
}

function keyRules(ca: Certificate, { subject, publicKeyInfo }: Requested): readonly Rule[] {
  const { namedCurve } = ca.publicKey.asymmetricKeyDetails ?? {};
  const isAllowed = curves.includes(namedCurve ?? '') && keyWeakness(ca) === undefined;
  const kind = keyWeakness(ca) ?? namedCurve ?? `a key of type ${ca.publicKey.asymmetricKeyType ?? 'unknown'}`;
  const isRequested = ca.publicKeyInfo.equals(publicKeyInfo);
  const algorithm = signatureAlgorithmOf(ca);
  const isStrong = algorithm?.key === 'ec' && hashes.includes(algorithm.hash ?? '');
  return [
    ['external-ca-key-allowed', isAllowed, 'P-256, P-384 or P-521 as a named curve', kind],
    ['external-ca-key-requested', isRequested, 'the key of the signing request', isRequested ? 'match' : 'another key'],
    ['external-ca-subject-matches', ca.subjectName.key === subject.key, subject.text, ca.subject],
    [
      'external-ca-signature-allowed',
      isStrong,
      'ECDSA with SHA-256, SHA-384 or SHA-512',
      algorithm?.name ?? ca.signature.algorithm,
    ],
  ];
}

function extensionRules(ca: Certificate): readonly Rule[] {
  const { basicConstraints, keyUsage, extendedKeyUsage, subjectKeyIdentifier, critical, version } = ca;
  const isCritical = critical.includes(extensionOids.basicConstraints);
  const constraints =
    basicConstraints === undefined
      ? `version ${version} without basic constraints`
      : `cA ${basicConstraints.ca}, ${isCritical ? 'critical' : 'not critical'}`;
  const usage = [...(keyUsage ?? [])];
  return [
    [
      'external-ca-basic-constraints',
      version === 3 && basicConstraints?.ca === true && isCritical,
      'cA true, critical',
      constraints,
    ],
    [
      'external-ca-path-length',
      basicConstraints?.pathLength === 1,
      'path length 1',
      String(basicConstraints?.pathLength ?? 'none'),
    ],
    [
      'external-ca-key-usage',
      wantedUsage.every((each) => usage.includes(each)),
      wantedUsage.join(', '),
      usage.join(', ') || 'none',
    ],
    [
      'external-ca-extended-key-usage',
      extendedKeyUsage?.includes('clientAuth') ?? true,
      'none or clientAuth',
      extendedKeyUsage?.join(', ') ?? 'none',
    ],
    [
      'external-ca-key-identifier',
      subjectKeyIdentifier !== undefined,
      'a subject key identifier',
      subjectKeyIdentifier ?? 'none',
    ],
  ];
}

function validityRules({ notBefore, notAfter }: Certificate, now: Millis): readonly Rule[] {
  const last = isoInstant(now + yearMs);
  return [
    [
      'external-ca-begun',
      notBefore <= now,
      `valid from ${isoInstant(now)} or earlier`,
      `valid from ${isoInstant(notBefore)}`,
    ],
    ['external-ca-lasts', notAfter >= now + yearMs, `until ${last} or later`, `until ${isoInstant(notAfter)}`],
  ];
}

function chainRule(chain: readonly Certificate[]): Rule {
  const broken = chain.findIndex((each, at) => {
    const above = chain[at + 1];
    return above !== undefined && !(each.issuerName.key === above.subjectName.key && isSignedBy(each, above));
  });
  const found =
    broken < 0
      ? `${chain.length} certificates in order`
      : `${chain[broken]?.subject} is not signed by ${chain[broken + 1]?.subject}`;
  return ['external-ca-chain-matches', broken < 0, 'each certificate is signed by the next', found];
}

const chainLimit = 10;
const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];
const hashes: readonly string[] = ['sha256', 'sha384', 'sha512'];
const wantedUsage: readonly KeyUsage[] = ['digitalSignature', 'keyCertSign', 'cRLSign'];
const yearMs = 365 * 86_400_000;
