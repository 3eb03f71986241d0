import { defined } from '../../core/defined.ts';
import type { OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { utcTicks } from './answer.ts';
import type { Operation, RegistrationRecord, UnassignedRecord } from './registrations.ts';

/** The JSON bodies that report the state of an operation. */
export const operationBody = {
  running({ operationId, registrationId }: Operation): OperationBody {
    return { operationId, status: 'assigning', registrationState: { registrationId, status: 'assigning' } };
  },

  done({ operationId, outcome }: Operation): OperationBody {
    const registrationState = outcome.kind === 'assigned' ? outcome.state : operationBody.state(outcome.record);
    return { operationId, status: registrationState.status, registrationState };
  },

  /**
   * Returns the body of the immediate answer for a disabled enrollment. The device cannot poll, because there is no operation.
   */
  disabled(record: UnassignedRecord): OperationBody {
    return { operationId: '', status: 'disabled', registrationState: operationBody.state(record) };
  },

  /** Returns a registration in the form of the service API. */
  state(record: RegistrationRecord | UnassignedRecord): RegistrationState {
    return 'status' in record ? unassignedState(record) : assignedState(record);
  },

  /** Returns a registration in the form of the device API, with the enrollment group of the device. */
  deviceState(record: RegistrationRecord | UnassignedRecord, fidelity: FidelitySettings): RegistrationState {
    return { ...('status' in record ? {} : attestedBy(record, fidelity)), ...operationBody.state(record) };
  },
} as const;

function assignedState(record: RegistrationRecord): RegistrationState {
  return {
    registrationId: record.registrationId,
    createdDateTimeUtc: utcTicks(record.createdAt),
    assignedHub: record.hub,
    deviceId: record.deviceId,
    status: 'assigned',
    substatus: record.substatus,
    lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
    etag: record.etag,
    ...defined({ payload: record.payload }),
  };
}

/**
 * Returns the JSON of a registration that failed or is disabled. Azure documents only these four fields for a disabled
 * enrollment.
 */
function unassignedState({ status, problem, ...record }: UnassignedRecord): RegistrationState {
  return {
    registrationId: record.registrationId,
    ...(status === 'failed' ? { createdDateTimeUtc: utcTicks(record.createdAt) } : {}),
    status,
    ...defined({ errorCode: problem?.errorCode, errorMessage: problem?.message }),
    lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
    etag: record.etag,
  };
}

/**
 * Returns the fields that describe the attestation. Recorded answers have `x509` as an empty object for an individual
 * enrollment, and with the group ID for a group (u-blox, 2022). No recorded answer has `symmetricKey` for an individual
 * enrollment; the REST documentation has it for groups.
 */
function attestedBy(
  { attestation, enrollmentGroupId }: RegistrationRecord,
  { enrollmentGroupIdInState }: FidelitySettings,
): Pick<RegistrationState, 'x509' | 'symmetricKey'> {
  const isShown = enrollmentGroupId !== undefined && enrollmentGroupIdInState !== 'none';
  if (attestation === 'x509') return { x509: isShown ? { enrollmentGroupId } : {} };
  if (attestation !== 'symmetricKey' || !isShown || enrollmentGroupIdInState === 'x509-only') return {};
  return { symmetricKey: { enrollmentGroupId } };
}
