import type { Millis } from '../time/clock.ts';
import type { Certificate } from './certificate.ts';
import type { IsRuleDisabled } from './chain-rules.ts';
import type { WorkMeter } from './limits.ts';
import { isSignedBy } from './signature.ts';

/** The result of the search along one path. `path` starts with the leaf; each certificate is signed by the next one. */
export type PathEnd =
  | { readonly kind: 'anchored'; readonly path: readonly Certificate[] }
  /**
   * The issuer of the last certificate is missing. `near` is a certificate with the name of the issuer but another key
   * identifier.
   */
  | { readonly kind: 'incomplete'; readonly path: readonly Certificate[]; readonly near: Certificate | undefined }
  | { readonly kind: 'untrusted-root'; readonly path: readonly Certificate[] }
  /** `issuer` has the right name, but did not sign the last certificate. */
  | { readonly kind: 'not-signed'; readonly path: readonly Certificate[]; readonly issuer: Certificate }
  /** The issuer of the last certificate is already on the path. */
  | { readonly kind: 'circle'; readonly path: readonly Certificate[] };

export interface PathSearch {
  readonly leaf: Certificate;
  readonly presented: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly at: Millis;
  readonly meter: WorkMeter;
  /** If this function disables the rule `signatures-match`, the search also follows wrong signatures. */
  readonly isDisabled: IsRuleDisabled;
}

/**
 * Yields the end of every path from the leaf upwards. Likelier paths come first (RFC 4158 2): trusted issuers before
 * others, and valid issuers before expired ones. A path contains each pair of name and key only once, so the search
 * ends even if CAs sign each other. The search stops when a work limit is exceeded.
 */
export function* findPaths(search: PathSearch): Generator<PathEnd, void, undefined> {
  const { anchors, presented, at, isDisabled } = search;
  const known = new Map<string, Certificate[]>();
  const seen = new Set<string>();
  const isValid = (certificate: Certificate): boolean => certificate.notBefore <= at && at <= certificate.notAfter;
  for (const certificate of [...anchors, ...presented]) {
    if (seen.has(certificate.thumbprintSha256)) continue;
    seen.add(certificate.thumbprintSha256);
    const { key } = certificate.subjectName;
    known.set(key, [...(known.get(key) ?? []), certificate]);
  }
  const trusted = new Set(anchors.map(({ thumbprintSha256 }) => thumbprintSha256));
  const rank = (certificate: Certificate): number =>
    (trusted.has(certificate.thumbprintSha256) ? 0 : 2) + (isValid(certificate) ? 0 : 1);
  const signed = new Map<string, boolean>();
  yield* climb(
    {
      meter: search.meter,
      isTrusted: (certificate) => trusted.has(certificate.thumbprintSha256),
      named: (name) => (known.get(name) ?? []).toSorted((one, other) => rank(one) - rank(other)),
      isSigned: (certificate, issuer) => {
        const pair = `${certificate.thumbprintSha256} ${issuer.publicKeyInfo.toString('latin1')}`;
        const answer = signed.get(pair) ?? (search.meter.spend('signatureChecks') && isSignedBy(certificate, issuer));
        signed.set(pair, answer);
        return answer || isDisabled('signatures-match', 0);
      },
    },
    [search.leaf],
  );
}

interface Search {
  readonly meter: WorkMeter;
  isTrusted(certificate: Certificate): boolean;
  /** Returns the certificates with this subject name, likelier issuers first. */
  named(name: string): readonly Certificate[];
  isSigned(certificate: Certificate, issuer: Certificate): boolean;
}

function* climb(search: Search, path: readonly Certificate[]): Generator<PathEnd, void, undefined> {
  const last = path.at(-1);
  if (last === undefined || !search.meter.spend('pathSteps')) return;
  if (search.isTrusted(last)) {
    yield { kind: 'anchored', path };
    return;
  }
  const named = search.named(last.issuerName.key).filter((issuer) => issuer.thumbprintSha256 !== last.thumbprintSha256);
  const likely = named.filter((issuer) => identifies(last, issuer));
  const fresh = likely.filter((issuer) => !path.some((known) => isSameKey(known, issuer)));
  if (fresh.length === 0) {
    if (last.selfIssued && search.isSigned(last, last)) yield { kind: 'untrusted-root', path };
    else if (likely.length > 0) yield { kind: 'circle', path };
    else yield { kind: 'incomplete', path, near: named[0] };
    return;
  }
  for (const issuer of fresh) {
    const signed = search.isSigned(last, issuer);
    if (search.meter.exhausted !== undefined) return;
    if (!signed) yield { kind: 'not-signed', path, issuer };
    else yield* climb(search, [...path, issuer]);
  }
}

function isSameKey(one: Certificate, other: Certificate): boolean {
  return one.subjectName.key === other.subjectName.key && one.publicKeyInfo.equals(other.publicKeyInfo);
}

/** Returns true if the authority key identifier is absent or names this issuer (RFC 5280 4.2.1.1). */
function identifies(certificate: Certificate, issuer: Certificate): boolean {
  const pointer = certificate.authorityKeyIdentifier;
  if (pointer === undefined) return true;
  const { subjectKeyIdentifier } = issuer;
  const { keyIdentifier, serialNumber } = pointer;
  if (keyIdentifier !== undefined && subjectKeyIdentifier !== undefined && keyIdentifier !== subjectKeyIdentifier)
    return false;
  if (serialNumber !== undefined && serialNumber !== issuer.serialNumber) return false;
  const directory = pointer.issuer?.find((name) => name.form === 'directory');
  return directory === undefined || directory.name.key === issuer.issuerName.key;
}
