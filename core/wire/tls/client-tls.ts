import { opensslName, suiteNames } from './cipher-suites.ts';
import { tlsVersions, type TlsVersion } from './tls-names.ts';

/** The TLS settings that a simulated device offers. For an omitted member, the device offers the values of a typical device. */
export interface ClientTls {
  /** TLS versions without a gap between the oldest and the newest one. Default: TLS 1.2 and TLS 1.3. */
  readonly versions?: readonly TlsVersion[] | undefined;
  /** IANA names. */
  readonly suites?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  /** False if the device sends no server name (SNI). Default: true. */
  readonly serverName?: boolean | undefined;
}

/** IANA names of the suites that OpenSSL can offer. OpenSSL has neither RC4 nor 3DES. */
export const offerableSuites = suiteNames.filter(
  (name) => opensslName(name) !== undefined && !name.includes('RC4') && !name.includes('3DES'),
) as unknown as readonly [string, ...string[]];

/** Names of the groups that OpenSSL can offer. */
export const offerableGroups = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1', 'x448', 'brainpoolP256r1'] as const;

/** Returns true if no TLS version is missing between the oldest and the newest one. */
export function isRow(versions: readonly TlsVersion[]): boolean {
  const ranks = versions.map((version) => tlsVersions.indexOf(version));
  return Math.max(...ranks) - Math.min(...ranks) + 1 === new Set(ranks).size;
}

/** The settings of OpenSSL for an offer: oldest and newest version, and lists of suites and groups. */
export interface OfferSettings {
  readonly oldest: TlsVersion;
  readonly newest: TlsVersion;
  /** Suites up to TLS 1.2. `@SECLEVEL=0` allows TLS 1.0 and 1.1. Undefined: the suites of a typical device. */
  readonly ciphers: string | undefined;
  /** Suites of TLS 1.3. Undefined: the suites of a typical device. */
  readonly ciphers13: string | undefined;
  readonly groups: string | undefined;
}

/** Returns the settings of OpenSSL for an offer. */
export function offerSettings({ versions = ['TLS 1.2', 'TLS 1.3'], suites, groups }: ClientTls): OfferSettings {
  const [oldest = 'TLS 1.2', newest = oldest] = [...versions]
    .toSorted()
    .filter((_each, at, all) => at === 0 || at === all.length - 1);
  const names = suites?.flatMap((suite) => opensslName(suite) ?? []);
  const older = names?.filter((name) => !isOf13(name)) ?? (oldest < 'TLS 1.2' ? ['ALL'] : undefined);
  const newer = names?.filter(isOf13);
  return {
    oldest,
    newest,
    ciphers:
      older === undefined || older.length === 0
        ? undefined
        : [...older, ...(oldest < 'TLS 1.2' ? ['@SECLEVEL=0'] : [])].join(':'),
    ciphers13: newer === undefined || newer.length === 0 ? undefined : newer.join(':'),
    groups: groups?.join(':'),
  };
}

/** Returns true for the OpenSSL name of a suite of TLS 1.3, which is also its IANA name. */
function isOf13(name: string): boolean {
  return name.startsWith('TLS_');
}
