/** How an enrollment recognises a device. Certificates are DER, keys are raw bytes, the EK is a TPM2B_PUBLIC. */
export type IndividualAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  | { readonly type: 'tpm'; readonly endorsementKey: Buffer; readonly storageRootKey?: Buffer }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** A group recognises devices by a CA that signed them, or by keys derived from its own. */
export type GroupAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  /** Names of CA certificates that the service holds and whose owner has proved to have their keys. */
  | { readonly type: 'caReference'; readonly primary: string; readonly secondary?: string }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** How a hub is chosen: spread by hash, by distance, the one that is named, or by asking the customer's own web service. */
export const allocationPolicyNames = ['hashed', 'geoLatency', 'static', 'custom'] as const;

export type AllocationPolicyName = (typeof allocationPolicyNames)[number];

/** What happens to a device that registers again. Both true where an enrollment says nothing. */
export interface ReprovisionPolicy {
  /** Whether the hub is chosen anew; otherwise the device stays where it is. */
  readonly updateHubAssignment: boolean;
  /** Whether the twin moves along; otherwise the new one starts from the initial twin. */
  readonly migrateDeviceData: boolean;
}

/** The web service that is asked for a hub where the policy is `custom`. */
export interface CustomAllocation {
  readonly webhookUrl: string;
  readonly apiVersion: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a device's twin starts from. */
export interface InitialTwin {
  readonly tags?: JsonObject;
  readonly properties?: { readonly desired?: JsonObject };
}

/** What individual enrollments and groups have in common. */
interface EnrollmentTerms {
  readonly provisioningStatus: 'enabled' | 'disabled';
  /** The policy of the service where absent. `static` needs exactly one of `hubs`. */
  readonly allocationPolicy?: AllocationPolicyName;
  /** Host names; empty means every linked hub. */
  readonly hubs: readonly string[];
  readonly reprovisionPolicy?: ReprovisionPolicy;
  readonly customAllocation?: CustomAllocation;
  readonly initialTwin?: InitialTwin;
  /** Whether the identity at the hub is one of an IoT Edge device. */
  readonly iotEdge?: boolean;
  /** Policy by which certificates are issued to devices that send a CSR; none are where absent. */
  readonly credentialPolicyName?: string;
}

export interface IndividualEnrollment extends EnrollmentTerms {
  readonly registrationId: string;
  /** ID at the hub; the registration ID where absent. */
  readonly deviceId?: string;
  readonly attestation: IndividualAttestation;
  /** Free words of the owner, given back as they came. */
  readonly optionalDeviceInformation?: JsonObject;
}

export interface EnrollmentGroup extends EnrollmentTerms {
  readonly enrollmentGroupId: string;
  readonly attestation: GroupAttestation;
}
