import { suiteName } from './cipher-suites.ts';

/** The versions of TLS, oldest first, as this project names them. */
export const tlsVersions = ['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

/** Supported groups by number (IANA, TLS Supported Groups). */
const groups: Readonly<Record<number, string>> = {
  0x0013: 'secp192r1',
  0x0015: 'secp224r1',
  0x0016: 'secp256k1',
  0x0017: 'secp256r1',
  0x0018: 'secp384r1',
  0x0019: 'secp521r1',
  0x001a: 'brainpoolP256r1',
  0x001b: 'brainpoolP384r1',
  0x001c: 'brainpoolP512r1',
  0x001d: 'x25519',
  0x001e: 'x448',
  0x0100: 'ffdhe2048',
  0x0101: 'ffdhe3072',
  0x0102: 'ffdhe4096',
  0x0103: 'ffdhe6144',
  0x0104: 'ffdhe8192',
  0x11eb: 'SecP256r1MLKEM768',
  0x11ec: 'X25519MLKEM768',
};

/** Signature algorithms by number (IANA, TLS SignatureScheme; RFC 5246 7.4.1.4.1 for the older pairs of hash and signature). */
const signatureAlgorithms: Readonly<Record<number, string>> = {
  0x0101: 'rsa_pkcs1_md5',
  0x0201: 'rsa_pkcs1_sha1',
  0x0202: 'dsa_sha1',
  0x0203: 'ecdsa_sha1',
  0x0301: 'rsa_pkcs1_sha224',
  0x0302: 'dsa_sha224',
  0x0303: 'ecdsa_sha224',
  0x0401: 'rsa_pkcs1_sha256',
  0x0402: 'dsa_sha256',
  0x0403: 'ecdsa_secp256r1_sha256',
  0x0501: 'rsa_pkcs1_sha384',
  0x0502: 'dsa_sha384',
  0x0503: 'ecdsa_secp384r1_sha384',
  0x0601: 'rsa_pkcs1_sha512',
  0x0602: 'dsa_sha512',
  0x0603: 'ecdsa_secp521r1_sha512',
  0x0804: 'rsa_pss_rsae_sha256',
  0x0805: 'rsa_pss_rsae_sha384',
  0x0806: 'rsa_pss_rsae_sha512',
  0x0807: 'ed25519',
  0x0808: 'ed448',
  0x0809: 'rsa_pss_pss_sha256',
  0x080a: 'rsa_pss_pss_sha384',
  0x080b: 'rsa_pss_pss_sha512',
};

/**
 * Returns the name of a TLS version, such as `TLS 1.2` for 0x0303. For an unknown version, returns its number as text.
 */
export function versionName(number: number): string {
  if (isGrease(number)) return grease;
  const known = tlsVersions[number - 0x0301];
  return number === 0x0300 ? 'SSL 3.0' : (known ?? hexOf(number));
}

/** Returns the IANA name of a cipher suite. For an unknown suite, returns its number as text. */
export function suiteText(number: number): string {
  return isGrease(number) ? grease : (suiteName(number) ?? hexOf(number));
}

/** Returns the name of a group for the key exchange. For an unknown group, returns its number as text. */
export function groupName(number: number): string {
  return isGrease(number) ? grease : (groups[number] ?? hexOf(number));
}

/** Returns the name of a signature algorithm. For an unknown algorithm, returns its number as text. */
export function signatureAlgorithmName(number: number): string {
  return isGrease(number) ? grease : (signatureAlgorithms[number] ?? hexOf(number));
}

/** The name of a reserved value that clients send so that servers learn to ignore unknown values (RFC 8701). */
const grease = 'GREASE';

/** Returns true for 0x0a0a, 0x1a1a and so on up to 0xfafa (RFC 8701 2). */
function isGrease(number: number): boolean {
  return (number & 0x0f0f) === 0x0a0a && number >> 8 === (number & 0xff);
}

function hexOf(number: number): string {
  return `0x${number.toString(16).padStart(4, '0')}`;
}
