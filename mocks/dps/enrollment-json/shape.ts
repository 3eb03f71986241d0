import { z } from 'zod';
import { allocationPolicyNames } from '../../../core/wire/enrollment.ts';
import { namespaceNameRule, registryNameRule } from '../../../core/wire/registry-names.ts';

/**
 * Accepts null, because some JSON serialisers write absent fields as null. The shapes accept and ignore fields that
 * only the service writes.
 */
const text = z.string().nullish();
const words = z.record(z.string(), z.unknown()).nullish();

const named = ({ min, max, pattern }: typeof registryNameRule) => z.string().min(min).max(max).regex(pattern).nullish();

const certificateShape = z.object({
  certificate: text,
  info: z.object({ sha256Thumbprint: text }).nullish(),
});

const certificatesShape = z.object({ primary: certificateShape.nullish(), secondary: certificateShape.nullish() });

const attestationShape = z.object({
  type: z.enum(['none', 'tpm', 'x509', 'symmetricKey']),
  tpm: z.object({ endorsementKey: text, storageRootKey: text }).nullish(),
  x509: z
    .object({
      clientCertificates: certificatesShape.nullish(),
      signingCertificates: certificatesShape.nullish(),
      caReferences: z.object({ primary: text, secondary: text }).nullish(),
    })
    .nullish(),
  symmetricKey: z.object({ primaryKey: text, secondaryKey: text }).nullish(),
});

const termsShape = {
  attestation: attestationShape,
  capabilities: z.object({ iotEdge: z.boolean().nullish() }).nullish(),
  iotHubHostName: text,
  initialTwin: z.object({ tags: words, properties: z.object({ desired: words }).nullish() }).nullish(),
  etag: text,
  provisioningStatus: z.enum(['enabled', 'disabled']).nullish(),
  reprovisionPolicy: z
    .object({ updateHubAssignment: z.boolean().nullish(), migrateDeviceData: z.boolean().nullish() })
    .nullish(),
  allocationPolicy: z.enum(allocationPolicyNames).nullish(),
  iotHubs: z.array(z.string()).nullish(),
  customAllocationDefinition: z.object({ webhookUrl: z.string(), apiVersion: z.string() }).nullish(),
  credentialPolicyName: text,
  namespaceName: named(namespaceNameRule),
  certificateAuthorityName: named(registryNameRule),
  certificatePolicyName: named(registryNameRule),
};

/** The fields that the service reads from the JSON of an individual enrollment. */
export const individualShape = z.object({
  ...termsShape,
  registrationId: z.string(),
  deviceId: text,
  optionalDeviceInformation: words,
});

/** The fields that the service reads from the JSON of an enrollment group. */
export const groupShape = z.object({ ...termsShape, enrollmentGroupId: z.string() });

export type IndividualJson = z.output<typeof individualShape>;
export type GroupJson = z.output<typeof groupShape>;
export type AttestationJson = z.output<typeof attestationShape>;
export type CertificateJson = z.output<typeof certificateShape>;
