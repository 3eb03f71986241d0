/** A cipher suite of the IANA registry. */
interface RegisteredSuite {
  readonly number: number;
  /** Name of IANA. */
  readonly name: string;
  /** Name in OpenSSL. Undefined for a value that is a signal and not a suite, such as TLS_FALLBACK_SCSV. */
  readonly openssl?: string;
}

/**
 * The cipher suites that clients of Azure offer or once offered (IANA, TLS Cipher Suites). Suites with pre-shared keys,
 * SRP, DSS, ARIA and Camellia and suites without encryption are missing, because no Azure service supports them.
 */
const registered: readonly RegisteredSuite[] = [
  { number: 0x0004, name: 'TLS_RSA_WITH_RC4_128_MD5', openssl: 'RC4-MD5' },
  { number: 0x0005, name: 'TLS_RSA_WITH_RC4_128_SHA', openssl: 'RC4-SHA' },
  { number: 0x000a, name: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', openssl: 'DES-CBC3-SHA' },
  { number: 0x0016, name: 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA', openssl: 'DHE-RSA-DES-CBC3-SHA' },
  { number: 0x002f, name: 'TLS_RSA_WITH_AES_128_CBC_SHA', openssl: 'AES128-SHA' },
  { number: 0x0033, name: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', openssl: 'DHE-RSA-AES128-SHA' },
  { number: 0x0035, name: 'TLS_RSA_WITH_AES_256_CBC_SHA', openssl: 'AES256-SHA' },
  { number: 0x0039, name: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA', openssl: 'DHE-RSA-AES256-SHA' },
  { number: 0x003c, name: 'TLS_RSA_WITH_AES_128_CBC_SHA256', openssl: 'AES128-SHA256' },
  { number: 0x003d, name: 'TLS_RSA_WITH_AES_256_CBC_SHA256', openssl: 'AES256-SHA256' },
  { number: 0x0067, name: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256', openssl: 'DHE-RSA-AES128-SHA256' },
  { number: 0x006b, name: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', openssl: 'DHE-RSA-AES256-SHA256' },
  { number: 0x009c, name: 'TLS_RSA_WITH_AES_128_GCM_SHA256', openssl: 'AES128-GCM-SHA256' },
  { number: 0x009d, name: 'TLS_RSA_WITH_AES_256_GCM_SHA384', openssl: 'AES256-GCM-SHA384' },
  { number: 0x009e, name: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', openssl: 'DHE-RSA-AES128-GCM-SHA256' },
  { number: 0x009f, name: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', openssl: 'DHE-RSA-AES256-GCM-SHA384' },
  { number: 0x00ff, name: 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV' },
  { number: 0x1301, name: 'TLS_AES_128_GCM_SHA256', openssl: 'TLS_AES_128_GCM_SHA256' },
  { number: 0x1302, name: 'TLS_AES_256_GCM_SHA384', openssl: 'TLS_AES_256_GCM_SHA384' },
  { number: 0x1303, name: 'TLS_CHACHA20_POLY1305_SHA256', openssl: 'TLS_CHACHA20_POLY1305_SHA256' },
  { number: 0x1304, name: 'TLS_AES_128_CCM_SHA256', openssl: 'TLS_AES_128_CCM_SHA256' },
  { number: 0x1305, name: 'TLS_AES_128_CCM_8_SHA256', openssl: 'TLS_AES_128_CCM_8_SHA256' },
  { number: 0x5600, name: 'TLS_FALLBACK_SCSV' },
  { number: 0xc007, name: 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA', openssl: 'ECDHE-ECDSA-RC4-SHA' },
  { number: 0xc008, name: 'TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA', openssl: 'ECDHE-ECDSA-DES-CBC3-SHA' },
  { number: 0xc009, name: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', openssl: 'ECDHE-ECDSA-AES128-SHA' },
  { number: 0xc00a, name: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', openssl: 'ECDHE-ECDSA-AES256-SHA' },
  { number: 0xc011, name: 'TLS_ECDHE_RSA_WITH_RC4_128_SHA', openssl: 'ECDHE-RSA-RC4-SHA' },
  { number: 0xc012, name: 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', openssl: 'ECDHE-RSA-DES-CBC3-SHA' },
  { number: 0xc013, name: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', openssl: 'ECDHE-RSA-AES128-SHA' },
  { number: 0xc014, name: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', openssl: 'ECDHE-RSA-AES256-SHA' },
  { number: 0xc023, name: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', openssl: 'ECDHE-ECDSA-AES128-SHA256' },
  { number: 0xc024, name: 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', openssl: 'ECDHE-ECDSA-AES256-SHA384' },
  { number: 0xc027, name: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', openssl: 'ECDHE-RSA-AES128-SHA256' },
  { number: 0xc028, name: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', openssl: 'ECDHE-RSA-AES256-SHA384' },
  { number: 0xc02b, name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', openssl: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  { number: 0xc02c, name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', openssl: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  { number: 0xc02f, name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', openssl: 'ECDHE-RSA-AES128-GCM-SHA256' },
  { number: 0xc030, name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', openssl: 'ECDHE-RSA-AES256-GCM-SHA384' },
  { number: 0xc09c, name: 'TLS_RSA_WITH_AES_128_CCM', openssl: 'AES128-CCM' },
  { number: 0xc09d, name: 'TLS_RSA_WITH_AES_256_CCM', openssl: 'AES256-CCM' },
  { number: 0xc09e, name: 'TLS_DHE_RSA_WITH_AES_128_CCM', openssl: 'DHE-RSA-AES128-CCM' },
  { number: 0xc09f, name: 'TLS_DHE_RSA_WITH_AES_256_CCM', openssl: 'DHE-RSA-AES256-CCM' },
  { number: 0xc0a0, name: 'TLS_RSA_WITH_AES_128_CCM_8', openssl: 'AES128-CCM8' },
  { number: 0xc0a1, name: 'TLS_RSA_WITH_AES_256_CCM_8', openssl: 'AES256-CCM8' },
  { number: 0xc0a2, name: 'TLS_DHE_RSA_WITH_AES_128_CCM_8', openssl: 'DHE-RSA-AES128-CCM8' },
  { number: 0xc0a3, name: 'TLS_DHE_RSA_WITH_AES_256_CCM_8', openssl: 'DHE-RSA-AES256-CCM8' },
  { number: 0xc0ac, name: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM', openssl: 'ECDHE-ECDSA-AES128-CCM' },
  { number: 0xc0ad, name: 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM', openssl: 'ECDHE-ECDSA-AES256-CCM' },
  { number: 0xc0ae, name: 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', openssl: 'ECDHE-ECDSA-AES128-CCM8' },
  { number: 0xc0af, name: 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8', openssl: 'ECDHE-ECDSA-AES256-CCM8' },
  { number: 0xcca8, name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', openssl: 'ECDHE-RSA-CHACHA20-POLY1305' },
  { number: 0xcca9, name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', openssl: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  { number: 0xccaa, name: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', openssl: 'DHE-RSA-CHACHA20-POLY1305' },
];

const byNumber = new Map(registered.map((suite) => [suite.number, suite]));
const byName = new Map(registered.map((suite) => [suite.name, suite]));

/** Returns the IANA name of a cipher suite; undefined if the table does not have it. */
export function suiteName(number: number): string | undefined {
  return byNumber.get(number)?.name;
}

/** Returns the OpenSSL name of a cipher suite with this IANA name; undefined if the table does not have it. */
export function opensslName(name: string): string | undefined {
  return byName.get(name)?.openssl;
}

/** The IANA names of all suites of the table. */
export const suiteNames: readonly string[] = registered.map(({ name }) => name);
