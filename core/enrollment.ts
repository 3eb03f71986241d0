/** How an enrollment recognises a device. Certificates are DER, keys are raw bytes, the EK is a TPM2B_PUBLIC. */
export type IndividualAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  | { readonly type: 'tpm'; readonly endorsementKey: Buffer }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** A group recognises devices by a CA that signed them, or by keys derived from its own. */
export type GroupAttestation =
  | { readonly type: 'x509'; readonly primary: Buffer; readonly secondary?: Buffer }
  | { readonly type: 'symmetricKey'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** What individual enrollments and groups have in common. */
interface EnrollmentTerms {
  readonly provisioningStatus: 'enabled' | 'disabled';
  /** `static` needs exactly one of `hubs`; `hashed` spreads over them. */
  readonly allocationPolicy: 'hashed' | 'static';
  /** Host names; empty means every linked hub. */
  readonly hubs: readonly string[];
}

export interface IndividualEnrollment extends EnrollmentTerms {
  readonly registrationId: string;
  /** ID at the hub; the registration ID where absent. */
  readonly deviceId?: string;
  readonly attestation: IndividualAttestation;
}

export interface EnrollmentGroup extends EnrollmentTerms {
  readonly enrollmentGroupId: string;
  readonly attestation: GroupAttestation;
}
