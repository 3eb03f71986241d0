import type { ClientHello } from './client-hello.ts';
import { tlsVersions, type TlsVersion } from './tls-names.ts';

/** The kinds of server keys. */
type ServerKeyKind = 'RSA' | 'ECDSA';

/** The versions and suites that a host supports, and the kind of its key. */
export interface HostTls {
  readonly versions: readonly TlsVersion[];
  /** IANA names, in the order of preference. */
  readonly suites: readonly string[];
  readonly key: ServerKeyKind;
}

/** The part of an offer in which client and host have nothing in common. */
export type OfferFault = 'version' | 'suite' | 'parameters';

/**
 * The version and suites that a host can choose from an offer, or the part of the offer that makes a connection
 * impossible. `expected` and `found` are texts for people.
 */
export type OfferVerdict =
  | { readonly ok: true; readonly version: TlsVersion; readonly suites: readonly string[] }
  | { readonly ok: false; readonly fault: OfferFault; readonly expected: string; readonly found: string };

/**
 * Compares the offer of a client with a host. The host chooses the newest common version, and then a suite for its key (RFC 8446 4.1.1,
 * RFC 5246 7.4.1.3). Without a common group or signature algorithm no suite is possible.
 */
export function judgeOffer(hello: ClientHello, host: HostTls): OfferVerdict {
  const version = commonVersion(hello, host);
  if (version === undefined) {
    const found = hello.hasVersionList ? hello.versions.join(', ') : `${hello.versions.join('')} as the newest version`;
    return { ok: false, fault: 'version', expected: host.versions.join(' or '), found };
  }
  const possible = suitesFor(host, version);
  const suites = possible.filter((suite) => hello.cipherSuites.includes(suite));
  if (suites.length === 0) {
    const expected = `${version} with ${listed(possible, ' or ')}`;
    return { ok: false, fault: 'suite', expected, found: listed(hello.cipherSuites, ', ') };
  }
  const usable = suites.filter((suite) => parameterFault(suite, hello, host.key) === undefined);
  if (usable.length > 0) return { ok: true, version, suites: usable };
  const fault = parameterFault(suites[0] ?? '', hello, host.key);
  return { ok: false, fault: 'parameters', expected: fault?.expected ?? '', found: fault?.found ?? '' };
}

/** Returns the suites that a host can use with a version and its key. */
function suitesFor({ suites, key }: HostTls, version: TlsVersion): readonly string[] {
  return suites.filter((suite) => isOfVersion(suite, version) && (isOf13(suite) || keyOf(suite) === key));
}

function commonVersion(hello: ClientHello, { versions }: HostTls): TlsVersion | undefined {
  const newest = tlsVersions.toReversed().filter((version) => versions.includes(version));
  if (hello.hasVersionList) return newest.find((version) => hello.versions.includes(version));
  // Without `supported_versions`, a client names only its newest version, and may also support some older versions. TLS
  // 1.3 needs this extension.
  const named = Math.min(rankOf(hello.versions[0] ?? ''), rankOf('TLS 1.2'));
  return newest.find((version) => rankOf(version) <= named);
}

/** Returns the position of a version, oldest first. SSL is older than all, and an unknown number is newer. */
function rankOf(version: string): number {
  const rank = (tlsVersions as readonly string[]).indexOf(version);
  if (rank >= 0) return rank;
  return version.startsWith('SSL') || version < '0x0301' ? -1 : tlsVersions.length;
}

function isOf13(suite: string): boolean {
  return !suite.includes('_WITH_');
}

/**
 * Returns true if a version can use a suite. AEAD modes and SHA-2 hashes came with TLS 1.2 (RFC 5246, RFC 5288, RFC
 * 5289).
 */
function isOfVersion(suite: string, version: TlsVersion): boolean {
  if (version === 'TLS 1.3') return isOf13(suite);
  return !isOf13(suite) && (version === 'TLS 1.2' || suite.endsWith('_CBC_SHA'));
}

function keyOf(suite: string): ServerKeyKind {
  return suite.includes('_ECDSA_') ? 'ECDSA' : 'RSA';
}

interface ParameterFault {
  readonly expected: string;
  readonly found: string;
}

function parameterFault(suite: string, hello: ClientHello, key: ServerKeyKind): ParameterFault | undefined {
  const { groups, signatureAlgorithms } = hello;
  const needsGroup = isOf13(suite) || suite.includes('_ECDHE_');
  const offered = groups ?? (isOf13(suite) ? [] : undefined);
  if (needsGroup && offered !== undefined && !offered.some((group) => servedGroups.includes(group)))
    return { expected: `one of the groups ${servedGroups.join(', ')}`, found: listed(offered, ', ') };
  // A client of TLS 1.2 that does not send `signature_algorithms` supports the algorithms of its suites (RFC 5246
  // 7.4.1.4.1).
  const signs = needsGroup || suite.includes('_DHE_');
  if (!signs || signatureAlgorithms === undefined || signatureAlgorithms.some((one) => isFor(one, key)))
    return undefined;
  return {
    expected: `a signature algorithm for a server key of the kind ${key}`,
    found: listed(signatureAlgorithms, ', '),
  };
}

function isFor(algorithm: string, key: ServerKeyKind): boolean {
  return key === 'RSA' ? /^rsa_(?:pkcs1|pss_rsae)_/.test(algorithm) : algorithm.startsWith('ecdsa_');
}

/** The groups that OpenSSL accepts as a server by default. No public source lists the groups of the real services. */
const servedGroups: readonly string[] = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1', 'x448'];

/** Joins at most eight values and adds the number of further values. Returns `none` for an empty list. */
function listed(values: readonly string[], between: string): string {
  if (values.length === 0) return 'none';
  const shown = values.slice(0, 8).join(between);
  return values.length > 8 ? `${shown} and ${values.length - 8} more` : shown;
}
