/**
 * The attestation of an individual enrollment. Certificates are in DER, keys are raw bytes, and TPM keys are TPM2B_PUBLIC
 * structures.
 */
export type IndividualAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  | { readonly type: 'tpm'; readonly endorsementKey: Buffer; readonly storageRootKey?: Buffer }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/**
 * The attestation of an enrollment group: a CA that issued the certificates of the devices, or a group key from which
 * the service derives the keys of the devices.
 */
export type GroupAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  /** Attestation by CA certificates that the service has verified. `primary` and `secondary` are their names. */
  | { readonly type: 'caReference'; readonly primary: string; readonly secondary?: string }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** The allocation policies: by hash, by latency, a fixed hub, or a decision of a web service of the customer. */
export const allocationPolicyNames = ['hashed', 'geoLatency', 'static', 'custom'] as const;

export type AllocationPolicyName = (typeof allocationPolicyNames)[number];

/** Treatment of a device that registers again. Default: both members are true. */
export interface ReprovisionPolicy {
  /** If true, the service chooses the hub again. If false, the device stays at its hub. */
  readonly updateHubAssignment: boolean;
  /** If true, the twin moves to the new hub. If false, the new hub starts with the initial twin. */
  readonly migrateDeviceData: boolean;
}

/** The web service that chooses the hub if the allocation policy is `custom`. */
export interface CustomAllocation {
  readonly webhookUrl: string;
  readonly apiVersion: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The initial content of a twin. */
export interface InitialTwin {
  readonly tags?: JsonObject;
  readonly properties?: { readonly desired?: JsonObject };
}

/** The common members of individual enrollments and groups. */
interface EnrollmentTerms {
  readonly provisioningStatus: 'enabled' | 'disabled';
  /** Allocation policy. Default: the policy of the service. `static` requires exactly one entry in `hubs`. */
  readonly allocationPolicy?: AllocationPolicyName;
  /** Host names of the hubs that the device may be assigned to. An empty list means every linked hub. */
  readonly hubs: readonly string[];
  readonly reprovisionPolicy?: ReprovisionPolicy;
  readonly customAllocation?: CustomAllocation;
  readonly initialTwin?: InitialTwin;
  /** True if the device is an IoT Edge device. */
  readonly iotEdge?: boolean;
  /**
   * Name of the policy by which the service issues certificates to devices that send a CSR. Default: the service issues
   * no certificates.
   */
  readonly credentialPolicyName?: string;
  /**
   * Name of the policy, like `credentialPolicyName`, in API versions from 2026-11-01 on. If both names are given, DPS
   * uses `certificatePolicyName`. `namespaceName` and `certificateAuthorityName` are the namespace and the CA of the
   * policy. If given, they must match the policy.
   */
  readonly certificatePolicyName?: string;
  readonly namespaceName?: string;
  readonly certificateAuthorityName?: string;
}

export interface IndividualEnrollment extends EnrollmentTerms {
  readonly registrationId: string;
  /** Device ID at the hub. Default: the registration ID. */
  readonly deviceId?: string;
  readonly attestation: IndividualAttestation;
  /** Any JSON data of the operator; the service returns it unchanged. */
  readonly optionalDeviceInformation?: JsonObject;
}

export interface EnrollmentGroup extends EnrollmentTerms {
  readonly enrollmentGroupId: string;
  readonly attestation: GroupAttestation;
}
