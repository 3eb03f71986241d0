import { defined } from '../../core/defined.ts';
import type { OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { utcTicks } from './answer.ts';
import type { Operation, RegistrationRecord, UnassignedRecord } from './registrations.ts';

/** The JSON that tells how far an operation is. */
export const operationBody = {
  running({ operationId, registrationId }: Operation): OperationBody {
    return { operationId, status: 'assigning', registrationState: { registrationId, status: 'assigning' } };
  },

  done({ operationId, outcome }: Operation): OperationBody {
    const registrationState = outcome.kind === 'assigned' ? outcome.state : operationBody.state(outcome.record);
    return { operationId, status: registrationState.status, registrationState };
  },

  /** What a disabled enrollment is answered with at once. There is no operation to ask after. */
  disabled(record: UnassignedRecord): OperationBody {
    return { operationId: '', status: 'disabled', registrationState: operationBody.state(record) };
  },

  /** A registration as the service API shows it. */
  state(record: RegistrationRecord | UnassignedRecord): RegistrationState {
    return 'status' in record ? unassignedState(record) : assignedState(record);
  },

  /** A registration as the device API shows it: with the group that let the device in. */
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

/** Of a disabled enrollment no more than four words are known. */
function unassignedState({ status, problem, ...record }: UnassignedRecord): RegistrationState {
  return {
    registrationId: record.registrationId,
    ...(status === 'failed' ? { createdDateTimeUtc: utcTicks(record.createdAt) } : {}),
    status,
    ...(problem === undefined ? {} : { errorCode: problem.errorCode, errorMessage: problem.message }),
    lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
    etag: record.etag,
  };
}

/**
 * `x509` is recorded as an empty object for an individual enrollment and with the ID of the group for a group (u-blox, 2022);
 * `symmetricKey` is recorded for no individual enrollment, and the REST description has it for groups.
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
