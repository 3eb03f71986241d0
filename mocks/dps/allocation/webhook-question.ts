import { defined } from '../../../core/defined.ts';
import type { CustomAllocation, EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { utcTicks } from '../answer.ts';
import { certificatePair } from '../certificate-pair.ts';
import { writeAttestation } from '../enrollment-json/write-attestation.ts';
import type { Stamp } from '../enrollments.ts';
import { fullReprovisionPolicy } from '../reprovision-policy.ts';
import type { AllocationRequest } from './policy.ts';

/** Returns the JSON body of a request to a custom allocation webhook. It contains no keys and no complete certificates. */
export function webhookQuestion(request: AllocationRequest): object {
  const { enrollment } = request.proof;
  return {
    ...('enrollmentGroupId' in enrollment
      ? { enrollmentGroup: { enrollmentGroupId: enrollment.enrollmentGroupId, ...terms(enrollment, request.stamp) } }
      : { individualEnrollment: { ...individualTerms(enrollment), ...terms(enrollment, request.stamp) } }),
    deviceRuntimeContext: runtimeContext(request),
    linkedHubs: request.linkedHubs.map(({ host }) => host),
  };
}

function individualTerms({ registrationId, deviceId, optionalDeviceInformation }: IndividualEnrollment): object {
  return {
    registrationId,
    ...defined({ deviceId, optionalDeviceInformation }),
  };
}

function terms(enrollment: IndividualEnrollment | EnrollmentGroup, stamp: Stamp): object {
  const { provisioningStatus, allocationPolicy, hubs, reprovisionPolicy, customAllocation, initialTwin, iotEdge } =
    enrollment;
  return {
    attestation: writeAttestation(
      enrollment.attestation,
      'none',
      'enrollmentGroupId' in enrollment ? 'signingCertificates' : 'clientCertificates',
    ),
    capabilities: { iotEdge: iotEdge ?? false },
    ...defined({ initialTwin }),
    // Here the ETag is quoted text. In the service API it is base64.
    etag: Buffer.from(stamp.etag, 'base64').toString('utf8'),
    provisioningStatus,
    reprovisionPolicy: reprovisionPolicy ?? fullReprovisionPolicy,
    createdDateTimeUtc: utcTicks(stamp.createdAt),
    lastUpdatedDateTimeUtc: utcTicks(stamp.updatedAt),
    allocationPolicy,
    ...(hubs.length === 0 ? {} : { iotHubs: hubs }),
    ...defined({ customAllocationDefinition: customAllocation && withoutSecret(customAllocation) }),
  };
}

function runtimeContext({ claim, proof, former }: AllocationRequest): object {
  const { payload } = claim.body;
  return {
    registrationId: claim.registrationId,
    ...defined({ currentIotHubHostName: former?.hub, currentDeviceId: former?.deviceId }),
    ...attestationOf(claim, proof),
    ...defined({ payload }),
  };
}

/**
 * Returns the attestation of this registration. A symmetric key becomes an empty object, because the webhook must not receive
 * the key.
 */
function attestationOf({ body, credentials }: AllocationRequest['claim'], proof: AllocationRequest['proof']): object {
  const { attestation } = proof.enrollment;
  switch (proof.type) {
    case 'symmetricKey':
      return { symmetricKey: {} };
    case 'x509':
      return { x509: { clientCertificates: certificatePair(credentials.certificates[0] ?? Buffer.alloc(0)) } };
    case 'tpm': {
      const enrolled = attestation.type === 'tpm' ? attestation.endorsementKey.toString('base64') : undefined;
      return { tpm: body.tpm ?? { endorsementKey: enrolled } };
    }
  }
}

/**
 * Masks the query of the URL, because it contains the key of the customer's function. Only the function itself may receive this
 * key.
 */
function withoutSecret({ webhookUrl, apiVersion }: CustomAllocation): CustomAllocation {
  const [path = '', query] = webhookUrl.split('?', 2);
  return { webhookUrl: query === undefined ? path : `${path}?****`, apiVersion };
}
