import type { HostKind } from './host-kind.ts';
import type { HostTls } from './judge-offer.ts';
import type { PublicRootName } from './public-roots.ts';
import { aesGcm13, dpsSuites, ecdheEcdsa, ecdheRsa, restricted12, weakSuites } from './suite-lists.ts';

/** The TLS of one kind of host, and the roots of its certificates. */
export interface ProfileHost extends HostTls {
  /**
   * The roots of the certificates of the hosts. During a migration, the former root comes second: some hosts still use
   * it, and a client does not know which root it will meet.
   */
  readonly roots: readonly [PublicRootName, ...PublicRootName[]];
}

/** The TLS settings of the Azure services in one period. */
export interface TlsProfile {
  /** First day of the period (ISO 8601). Undefined if Azure has announced no date. */
  readonly from?: string;
  /** First day after the period (ISO 8601). Undefined if the period has no known end. */
  readonly until?: string;
  /**
   * `public`: the history of the global cloud. `option`: settings that the owner of a service can choose. `sovereign`:
   * other clouds. `possible`: a change without an announced date.
   */
  readonly line: 'public' | 'option' | 'sovereign' | 'possible';
  readonly sentence: string;
  /** The public pages that document these settings. */
  readonly source: string;
  readonly hosts: Readonly<Partial<Record<HostKind, ProfileHost>>>;
}

type Roots = ProfileHost['roots'];

const dpsOf = (...roots: Roots): ProfileHost => ({ versions: ['TLS 1.2'], suites: dpsSuites, key: 'RSA', roots });

const weakHub = (...roots: Roots): ProfileHost => ({
  versions: ['TLS 1.0', 'TLS 1.1', 'TLS 1.2'],
  suites: [...ecdheRsa, ...weakSuites],
  key: 'RSA',
  roots,
});

const strongHub = (...roots: Roots): ProfileHost => ({ versions: ['TLS 1.2'], suites: ecdheRsa, key: 'RSA', roots });

const eccHub = (...roots: Roots): ProfileHost => ({ versions: ['TLS 1.2'], suites: ecdheEcdsa, key: 'ECDSA', roots });

const newHub = (...roots: Roots): ProfileHost => ({
  versions: ['TLS 1.2', 'TLS 1.3'],
  suites: [...aesGcm13, ...restricted12],
  key: 'RSA',
  roots,
});

const [baltimore, g1, g2, g3, microsoft] = [
  'baltimore-cybertrust-root',
  'digicert-global-root-ca',
  'digicert-global-root-g2',
  'digicert-global-root-g3',
  'microsoft-rsa-root-2017',
] as const;

const tlsPages = 'iot-dps/tls-support; iot-hub/iot-hub-tls-support';
const migration = 'iot-hub/migrate-tls-certificate';

/** The TLS profiles by name, in the order of their dates. Dates and names come from public documentation. */
const tlsProfiles = {
  'azure-2018': {
    from: '2018-01-01',
    until: '2023-02-15',
    line: 'public',
    sentence: 'all certificates chain to the Baltimore root; hubs also support TLS 1.0, TLS 1.1 and weak suites',
    source: `${tlsPages} (state of 2020); ${migration}`,
    hosts: { dps: dpsOf(baltimore), classic: weakHub(baltimore) },
  },
  'azure-2020-min-tls-1.2': {
    from: '2020-06-04',
    until: '2023-02-15',
    line: 'option',
    sentence: 'a hub that was created with minTlsVersion 1.2: only TLS 1.2 and strong suites',
    source: 'iot-hub/iot-hub-tls-support (TLS 1.2 enforcement in selected regions)',
    hosts: { dps: dpsOf(baltimore), classic: strongHub(baltimore) },
  },
  'azure-2021-ecc': {
    from: '2021-01-01',
    until: '2025-08-31',
    line: 'option',
    sentence: 'a hub in preview mode, whose ECC certificate chains to DigiCert Global Root G3',
    source: 'iot-hub/iot-hub-tls-support (ECC server certificate, preview)',
    hosts: { dps: dpsOf(baltimore), classic: eccHub(g3) },
  },
  'azure-2023-02': {
    from: '2023-02-15',
    until: '2023-10-15',
    line: 'public',
    sentence: 'hubs move from the Baltimore root to DigiCert Global Root G2; DPS still uses the Baltimore root',
    source: migration,
    hosts: { dps: dpsOf(baltimore), classic: weakHub(g2, baltimore) },
  },
  'azure-2023-10': {
    from: '2023-10-15',
    until: '2024-01-15',
    line: 'public',
    sentence: 'all hubs use DigiCert Global Root G2, and DPS uses the Baltimore root',
    source: migration,
    hosts: { dps: dpsOf(baltimore), classic: weakHub(g2) },
  },
  'azure-2024-01': {
    from: '2024-01-15',
    until: '2024-09-30',
    line: 'public',
    sentence: 'DPS moves from the Baltimore root to DigiCert Global Root G2',
    source: migration,
    hosts: { dps: dpsOf(g2, baltimore), classic: weakHub(g2) },
  },
  'azure-2024': {
    from: '2024-09-30',
    until: '2025-08-31',
    line: 'public',
    sentence: 'all certificates chain to DigiCert Global Root G2; hubs also support TLS 1.0, TLS 1.1 and weak suites',
    source: `${migration}; ${tlsPages}`,
    hosts: { dps: dpsOf(g2), classic: weakHub(g2) },
  },
  'azure-2025': {
    from: '2025-08-31',
    until: '2026-05-26',
    line: 'public',
    sentence: 'hubs support only TLS 1.2, with four suites',
    source: tlsPages,
    hosts: { dps: dpsOf(g2), classic: strongHub(g2) },
  },
  'azure-2026': {
    from: '2026-05-26',
    line: 'public',
    sentence: 'hubs have two further names with TLS 1.3, in preview; DPS and the classic name are unchanged',
    source: `${tlsPages}; iot-hub/iot-hub-devguide-endpoints (2026-05-26)`,
    hosts: { dps: dpsOf(g2), classic: strongHub(g2), device: newHub(g2), service: newHub(g2) },
  },
  'azure-2026-ecc': {
    from: '2026-05-26',
    line: 'option',
    sentence:
      'a hub whose ECC certificate chains to DigiCert Global Root G3; no public source states whether this preview still exists',
    source: 'iot-hub/iot-hub-tls-support (ECC server certificate, preview)',
    hosts: { dps: dpsOf(g2), classic: eccHub(g3) },
  },
  'azure-other-root': {
    line: 'possible',
    sentence:
      'all certificates chain to Microsoft RSA Root 2017, which Azure asks devices to trust in addition to DigiCert Global Root G2',
    source: `iot-hub/iot-hub-tls-support (trusted roots); ${migration}`,
    hosts: {
      dps: dpsOf(microsoft),
      classic: strongHub(microsoft),
      device: newHub(microsoft),
      service: newHub(microsoft),
    },
  },
  'azure-sovereign-2018': {
    from: '2018-01-01',
    until: '2025-08-31',
    line: 'sovereign',
    sentence:
      'Azure Government and Azure in China use DigiCert Global Root CA; hubs also support TLS 1.0, TLS 1.1 and weak suites',
    source: `${migration}; iot-hub/iot-hub-tls-support`,
    hosts: { dps: dpsOf(g1), classic: weakHub(g1) },
  },
  'azure-sovereign-2025': {
    from: '2025-08-31',
    line: 'sovereign',
    sentence:
      'Azure Government and Azure in China use DigiCert Global Root CA, which trust stores of operating systems remove in 2026; hubs support only TLS 1.2',
    source: `${migration}; iot-hub/iot-hub-tls-support`,
    hosts: { dps: dpsOf(g1), classic: strongHub(g1) },
  },
} as const satisfies Record<string, TlsProfile>;

export type TlsProfileName = keyof typeof tlsProfiles;

export const tlsProfileNames = Object.keys(tlsProfiles) as unknown as readonly [TlsProfileName, ...TlsProfileName[]];

/** The profile of a cloud whose settings name no profile. */
export const defaultTlsProfile: TlsProfileName = 'azure-2026';

/** Returns the profile with this name. */
export function tlsProfileOf(name: TlsProfileName): TlsProfile {
  return tlsProfiles[name];
}
