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

  /** The immediate answer for a disabled enrollment. There is no operation to poll. */
  disabled(record: UnassignedRecord): OperationBody {
    return { operationId: '', status: 'disabled', registrationState: operationBody.state(record) };
  },

  /** A registration as the service API returns it. */
  state(record: RegistrationRecord | UnassignedRecord): RegistrationState {
    return 'status' in record ? unassignedState(record) : assignedState(record);
  },

  /** A registration as the device API returns it, with the enrollment group of the device. */
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

/** The JSON for a disabled enrollment; only these four fields are documented. */
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
 * Recordings have `x509` as an empty object for an individual enrollment and with the group ID for a group (u-blox, 2022). No
 * recording has `symmetricKey` for an individual enrollment; the REST description has it for groups.
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
