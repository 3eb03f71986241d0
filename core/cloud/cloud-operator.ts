import type { TlsProfileName } from '../wire/tls/tls-profiles.ts';
import type { Failure, Result } from '../result.ts';
import type { AccessRight } from '../wire/access-right.ts';
import type { EnrollmentGroup, IndividualEnrollment, JsonObject } from '../wire/enrollment.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { RegistryOperator } from './registry-operator.ts';

/**
 * Condition of the link from DPS to a hub. `unauthorized`: the hub refuses the shared access policy that DPS uses.
 * `stale-key`: DPS uses an old key of this policy. `unreachable`: the hub does not answer.
 */
export const hubLinks = ['healthy', 'unauthorized', 'stale-key', 'unreachable'] as const;

export type HubLink = (typeof hubLinks)[number];

/**
 * The reason why an operation of the operator failed. `…-rejected`: the service does not accept the value; the sentence gives
 * the reason. `…-not-found`: the named object does not exist. The doc comments of the methods explain `consumer-group-exists`
 * and `consumer-group-fixed`.
 */
export interface OperatorFailure extends Failure {
  readonly code:
    | 'access-policy-not-found'
    | 'certificate-not-found'
    | 'certificate-rejected'
    | 'consumer-group-exists'
    | 'consumer-group-fixed'
    | 'consumer-group-not-found'
    | 'device-not-registered'
    | 'enrollment-not-found'
    | 'enrollment-rejected'
    | 'hub-not-found'
    | 'identity-has-no-key'
    | 'identity-not-found'
    | 'message-rejected'
    | 'proof-rejected'
    | 'server-root-not-found';
}

type OperatorResult<T = undefined> = Result<T, OperatorFailure>;

/** A message from the cloud to a device. */
interface CloudToDevice {
  readonly body: Buffer;
  readonly messageId?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** Time until the message expires, at most two days. Default: one hour. */
  readonly timeToLiveMs?: number;
  /** The feedback that the sender asks for. Default: `none`. */
  readonly ack?: 'none' | 'positive' | 'negative' | 'full';
}

/** A device that is enrolled or registered. */
export interface ProvisionedDevice {
  readonly registrationId: string;
  /** The group through which the device registered. Absent if the device has an individual enrollment. */
  readonly enrollmentGroupId?: string;
}

/** The devices and the telemetry of a hub. */
export interface HubView {
  /** Number of device identities. */
  readonly devices: number;
  /** The first `twinLimit` twins, each with its connection state, in the JSON form of the service API. */
  readonly twins: readonly JsonObject[];
  /** Number of telemetry messages that the hub has accepted since its creation. */
  readonly telemetry: number;
}

/**
 * The operations of the operator of a provisioning service and its hubs. The service compares IDs without regard to case. `hub`
 * is a host name, `name.azure-devices.net`; certificates are DER. A lookup of an unknown name returns undefined.
 */
export interface CloudOperator {
  /** Creates or replaces an individual enrollment. Fails with `enrollment-rejected`. */
  putEnrollment(enrollment: IndividualEnrollment): OperatorResult;
  /** Creates or replaces an enrollment group. Fails with `enrollment-rejected`. */
  putEnrollmentGroup(group: EnrollmentGroup): OperatorResult;
  enrollment(registrationId: string): IndividualEnrollment | undefined;
  enrollmentGroup(enrollmentGroupId: string): EnrollmentGroup | undefined;
  enrollments(): readonly IndividualEnrollment[];
  enrollmentGroups(): readonly EnrollmentGroup[];
  /** Fails with `enrollment-not-found`. */
  deleteEnrollment(registrationId: string): OperatorResult;
  /** Fails with `enrollment-not-found`. */
  deleteEnrollmentGroup(enrollmentGroupId: string): OperatorResult;
  /** Returns every device that has an individual enrollment or is registered. Each device occurs once. */
  provisioned(): readonly ProvisionedDevice[];
  /**
   * Creates a shared access policy, or replaces the policy with this name. Returns the new primary key of the policy.
   */
  putAccessPolicy(name: string, rights: readonly AccessRight[]): Buffer;
  /** Deletes a shared access policy, which makes all its tokens invalid. Fails with `access-policy-not-found`. */
  deleteAccessPolicy(name: string): OperatorResult;
  /**
   * Uploads a CA certificate. If `isVerified` is true, the operator vouches for the certificate, and the service needs
   * no proof of possession. Fails with `certificate-rejected`.
   */
  uploadCaCertificate(name: string, certificate: Buffer, isVerified: boolean): OperatorResult;
  /**
   * Creates a verification code, which must be the common name of the proof of possession. Fails with `certificate-not-found`.
   */
  createVerificationCode(name: string): OperatorResult<string>;
  /**
   * Verifies a CA with a proof of possession: a certificate that the CA signed, with the verification code as its common name.
   * Fails with `certificate-not-found` or `proof-rejected`.
   */
  verifyCaCertificate(name: string, proof: Buffer): OperatorResult;
  /** Fails with `certificate-not-found`. */
  deleteCaCertificate(name: string): OperatorResult;
  /** Enables or disables a device identity. Fails with `identity-not-found`. */
  setHubIdentityStatus(hub: string, deviceId: string, status: 'enabled' | 'disabled'): OperatorResult;
  /**
   * Revokes every certificate that was issued to a device: the device registry gives the device a new identifier, which
   * those certificates lack. Fails with `device-not-registered` if the device registry does not have the device.
   *
   * @param options.disables true if the method also disables the device. Default: the device stays enabled and may
   * register again.
   */
  revokeCertificates(deviceId: string, options?: { readonly disables?: boolean }): OperatorResult;
  /** The certificate authorities, policies and devices of the device registry. */
  readonly registry: RegistryOperator;
  /** Replaces a symmetric key of a device identity. Fails with `identity-not-found` or `identity-has-no-key`. */
  rollHubKey(hub: string, deviceId: string, slot: 'primary' | 'secondary'): OperatorResult;
  /** Breaks or repairs the link from DPS to a hub. Fails with `hub-not-found`. */
  setHubLink(hub: string, link: HubLink): OperatorResult;
  /**
   * Ends the connections of all devices at a hub (400029), as an upgrade of the service does, and rejects new ones (400030) for a time. Fails
   * with `hub-not-found`.
   */
  maintainHub(hub: string, forMs: number): OperatorResult;
  /** Returns the primary key of a shared access policy of a hub. */
  hubPolicyKey(hub: string, policyName: string): Buffer | undefined;
  /** Adds a CA by which a hub authenticates devices. Fails with `hub-not-found`. */
  putHubAuthority(hub: string, certificate: Buffer): OperatorResult;
  /** Returns the CAs by which a hub authenticates devices. */
  hubAuthorities(hub: string): readonly Certificate[] | undefined;
  /**
   * Removes a CA from a hub by its SHA-256 thumbprint (hex), even if the device registry sent this CA to the hub. Open
   * connections stay open. Fails with `hub-not-found` or `certificate-not-found`.
   */
  deleteHubAuthority(hub: string, thumbprint: string): OperatorResult;
  /**
   * Issues new server certificates for DPS and all hubs. These certificates chain to the named root. If `crossSigned`
   * is true, the servers also send a certificate of the new root that the former root signed. Open connections stay
   * open. Fails with `server-root-not-found`.
   */
  replaceServerRoot(name: string, options?: { readonly crossSigned?: boolean }): Promise<OperatorResult>;
  /**
   * Changes the TLS versions, cipher suites and roots of all servers to the values of a profile. A host keeps its root
   * if `CloudSettings.serverRoots` does not have the root of the profile. Open connections stay open.
   */
  changeTls(profile: TlsProfileName): Promise<void>;
  /** @param twinLimit maximum number of twins in the result. */
  hubView(hub: string, twinLimit: number): HubView | undefined;
  /** Returns the consumer groups of the built-in endpoint of a hub. */
  consumerGroups(hub: string): readonly string[] | undefined;
  /** Creates a consumer group. Fails with `hub-not-found` or `consumer-group-exists`. */
  addConsumerGroup(hub: string, name: string): OperatorResult;
  /**
   * Removes a consumer group and ends its readers. Fails with `hub-not-found`, `consumer-group-not-found` or, for `$Default`,
   * `consumer-group-fixed`.
   */
  removeConsumerGroup(hub: string, name: string): OperatorResult;
  /** Puts a message into the queue of a device. Fails with `hub-not-found` or `message-rejected`. */
  sendToDevice(hub: string, deviceId: string, message: CloudToDevice): OperatorResult;
}
