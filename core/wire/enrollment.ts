/** The attestation of an individual enrollment. Certificates are DER, keys are raw bytes, TPM keys are TPM2B_PUBLIC. */
export type IndividualAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  | { readonly type: 'tpm'; readonly endorsementKey: Buffer; readonly storageRootKey?: Buffer }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** The attestation of a group: a CA that issued the certificates of the devices, or a key from which their keys are derived. */
export type GroupAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  /** Names of verified CA certificates of the service. */
  | { readonly type: 'caReference'; readonly primary: string; readonly secondary?: string }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** The allocation policies: by hash, by latency, a fixed hub, or by a web service of the customer. */
export const allocationPolicyNames = ['hashed', 'geoLatency', 'static', 'custom'] as const;

export type AllocationPolicyName = (typeof allocationPolicyNames)[number];

/** The treatment of a device that registers again. Default: both true. */
export interface ReprovisionPolicy {
  /** Chooses the hub again. If false, the device stays at its hub. */
  readonly updateHubAssignment: boolean;
  /** Moves the twin to the new hub. If false, the new twin starts from the initial twin. */
  readonly migrateDeviceData: boolean;
}

/** The web service that chooses the hub if the policy is `custom`. */
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
  /** Host names; empty means every linked hub. */
  readonly hubs: readonly string[];
  readonly reprovisionPolicy?: ReprovisionPolicy;
  readonly customAllocation?: CustomAllocation;
  readonly initialTwin?: InitialTwin;
  /** True if the hub identity is an IoT Edge device. */
  readonly iotEdge?: boolean;
  /** Policy for certificates of devices that send a CSR. Default: no certificates are issued. */
  readonly credentialPolicyName?: string;
}

export interface IndividualEnrollment extends EnrollmentTerms {
  readonly registrationId: string;
  /** ID at the hub. Default: the registration ID. */
  readonly deviceId?: string;
  readonly attestation: IndividualAttestation;
  /** Any JSON data of the operator; the service returns it unchanged. */
  readonly optionalDeviceInformation?: JsonObject;
}

export interface EnrollmentGroup extends EnrollmentTerms {
  readonly enrollmentGroupId: string;
  readonly attestation: GroupAttestation;
}
