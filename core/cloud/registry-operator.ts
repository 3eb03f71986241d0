import type { Failure, Result } from '../result.ts';
import type { Millis } from '../time/clock.ts';
import type { Certificate } from '../x509/certificate.ts';

/**
 * The possible issuers of an issuing CA, as the resource manager writes them. `Microsoft`: the root CA of the namespace; Azure runs this
 * CA.
 */
export type CaIssuer = 'Microsoft' | 'External';

/** Progress of the activation of an external CA, as the resource manager writes it. */
export type ExternalCaStatus = 'PendingActivation' | 'Active' | 'ActiveButPendingRenewal';

/**
 * Trust of a hub in a CA certificate of the device registry. `none`: the registry never sent the certificate to the
 * hub. `pending`: the registry sent the certificate, but the hub does not trust it yet. `revoked`: an operator revoked
 * the CA. `removed`: the operator deleted the CA at the hub.
 */
export type SyncState = 'none' | 'pending' | 'synced' | 'revoked' | 'removed';

/** The name of a CA, and the name of the namespace that contains the CA. */
export interface CaName {
  readonly namespace: string;
  readonly certificateAuthority: string;
}

/** The names of a certificate policy. */
export interface PolicyName extends CaName {
  readonly policy: string;
}

/** A certificate authority in the device registry. */
export interface RegistryCa extends CaName {
  readonly uuid: string;
  readonly type: 'Root' | 'ICA';
  /** Issuer of the CA. Omitted for a root. */
  readonly issuer?: CaIssuer;
  /** Progress of the activation. Omitted unless `issuer` is `External`. */
  readonly status?: ExternalCaStatus;
  /** The signing request of an external CA that waits for a certificate, in PEM. */
  readonly certificateSigningRequest?: string;
  /** Certificate of the CA. Omitted for an external CA before its activation. */
  readonly certificate?: Certificate;
  /** The trust of each hub in `certificate`. Empty for a root. */
  readonly sync: readonly { readonly hub: string; readonly state: SyncState }[];
}

/** A certificate policy in the device registry. */
export interface RegistryPolicy extends PolicyName {
  readonly uuid: string;
  readonly validityDays: number;
}

/** A device in the device registry. The object contains no secrets. */
export interface RegistryDevice {
  readonly deviceId: string;
  /** The identifier that issued certificates contain. */
  readonly identifier: string;
  readonly isDisabled: boolean;
  /** The policy that issues the certificates of the device; omitted if the device has no policy. */
  readonly policy?: PolicyName;
}

/** The reason why an operation of the device registry failed, with the HTTP status of the resource manager. */
export interface RegistryFailure extends Failure {
  readonly code:
    | 'ca-exists'
    | 'ca-in-use'
    | 'ca-limit'
    | 'ca-not-found'
    | 'ca-type-wrong'
    | 'certificate-rejected'
    | 'device-not-registered'
    | 'name-invalid'
    | 'policy-exists'
    | 'policy-not-found'
    | 'root-missing'
    | 'validity-invalid';
  readonly status: 400 | 404 | 409;
}

type RegistryResult<T = undefined> = Result<T, RegistryFailure>;

/** The operations of the device registry: certificate authorities, policies, synchronisation and devices. */
export interface RegistryOperator {
  /** Returns all CAs of a namespace, or of all namespaces. A CA from the settings gets its certificate at the first request. */
  certificateAuthorities(namespace?: string): Promise<readonly RegistryCa[]>;
  /** Returns all policies of a CA, or of all CAs. */
  policies(ca?: CaName): readonly RegistryPolicy[];
  devices(): readonly RegistryDevice[];
  /** Creates the root of a namespace, which has at most one. Fails with `name-invalid` or `ca-exists`. */
  createRoot(name: CaName): Promise<RegistryResult<RegistryCa>>;
  /**
   * Creates an issuing CA. A Microsoft CA is active at once and needs the root of its namespace. An external CA has a signing request and
   * waits for its certificate. For an active external CA, a second call makes a signing request for the next certificate. Fails with
   * `name-invalid`, `ca-exists`, `ca-limit` or `root-missing`.
   */
  createIssuingCa(name: CaName, issuer: CaIssuer): Promise<RegistryResult<RegistryCa>>;
  /**
   * Gives an external CA its certificate.
   *
   * @param chain PEM: the signed certificate, the certificates above it, and optionally the root, in this order.
   * @returns fails with `ca-not-found`, `ca-type-wrong` or `certificate-rejected`.
   */
  activate(name: CaName, chain: string): Promise<RegistryResult<RegistryCa>>;
  /**
   * Replaces the key and the certificate of a Microsoft CA, and synchronises the namespace. Fails with `ca-not-found`
   * or `ca-type-wrong`. The switch `externalCaRevocation` decides the result for an external CA.
   */
  revokeAndRotate(name: CaName): Promise<RegistryResult<RegistryCa>>;
  /**
   * Deletes a CA. Fails with `ca-not-found`. Fails with `ca-in-use` if the CA has a policy, or if it is a root and its
   * namespace has an issuing CA.
   */
  deleteCertificateAuthority(name: CaName): RegistryResult;
  /** Creates a policy or changes its validity. Fails with `name-invalid`, `validity-invalid`, `ca-not-found` or `policy-exists`. */
  putPolicy(name: PolicyName, validityDays: number): RegistryResult<RegistryPolicy>;
  /** Deletes a policy. Issued certificates stay valid. Fails with `policy-not-found`. */
  deletePolicy(name: PolicyName): RegistryResult;
  /**
   * Deletes the root of a namespace and its issuing CAs permanently. Fails with `ca-not-found`, or with `ca-in-use` if
   * the namespace still has a policy.
   */
  deleteCredential(namespace: string): RegistryResult;
  /**
   * Sends the CAs of a namespace to all hubs. The hubs trust these CAs after the delay `credentialSyncMs`.
   *
   * @returns the instant from which the hubs trust the CAs.
   */
  synchronize(namespace: string): Promise<RegistryResult<Millis>>;
  /**
   * Enables or disables a device. DPS issues no certificate to a disabled device, and hubs refuse the device. Fails
   * with `device-not-registered`.
   */
  setDeviceEnabled(deviceId: string, isEnabled: boolean): RegistryResult;
}
