import type { ExternalCaStatus } from '../../core/cloud/registry-operator.ts';

/** A certificate authority of a namespace, in its saved form. */
export interface CaRecord {
  readonly namespace: string;
  readonly name: string;
  readonly uuid: string;
  readonly type: 'Root' | 'ICA';
  /** The issuer of an issuing CA. Omitted for a root. */
  readonly issuer?: 'Microsoft' | 'External';
  /** Number of the present certificate of a root or a Microsoft CA. The first one has 1, and each rotation adds 1. */
  readonly generation: number;
  /** The certificate of an external CA after its activation. */
  readonly active?: ActiveCa;
  /** The key of an external CA that waits for a certificate. */
  readonly pending?: PendingCa;
  /** Certificates that hubs must no longer trust after the next synchronisation: base64 of DER. */
  readonly voided?: readonly string[];
  /** True if the settings of the cloud name the CA. Hubs trust its first certificate without a synchronisation. */
  readonly isImplied?: true;
  /** True if the CA was deleted although the settings of the cloud name it. */
  readonly isDeleted?: true;
}

/** The certificate of an external CA with the certificates above it. */
export interface ActiveCa {
  /** Base64 of DER, from the CA to the root. */
  readonly chain: readonly string[];
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

/** A key of an external CA and the signing request for it. */
export interface PendingCa {
  /** PKCS #10 in DER, as base64. */
  readonly csr: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

/** A certificate policy, in its saved form. */
export interface PolicyRecord {
  readonly namespace: string;
  readonly certificateAuthority: string;
  readonly name: string;
  readonly uuid: string;
  /** Validity in days, 7 to 90. Policies from the settings of the cloud may also have 1 to 6 days. */
  readonly validityDays: number;
  /** True if the settings of the cloud name the policy. */
  readonly isImplied?: true;
  /** True if the policy was deleted although the settings of the cloud name it. */
  readonly isDeleted?: true;
}

/** Returns the status of an external CA. Returns undefined for every other CA. */
export function externalStatusOf({ issuer, active, pending }: CaRecord): ExternalCaStatus | undefined {
  if (issuer !== 'External') return undefined;
  if (active === undefined) return 'PendingActivation';
  return pending === undefined ? 'Active' : 'ActiveButPendingRenewal';
}
