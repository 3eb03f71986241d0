import type { Millis } from '../../core/clock.ts';
import type { OperationBody, RegistrationState } from '../../core/dps-wire.ts';
import { utcTicks } from './answer.ts';
import type { Operation, RegistrationRecord } from './registrations.ts';

/** The JSON that tells how far an operation is. */
export const operationBody = {
  running({ operationId, registrationId }: Operation): OperationBody {
    return { operationId, status: 'assigning', registrationState: { registrationId, status: 'assigning' } };
  },

  done({ operationId, registrationId, outcome }: Operation, now: Millis): OperationBody {
    switch (outcome.kind) {
      case 'assigned':
        return { operationId, status: 'assigned', registrationState: outcome.state };
      case 'disabled':
        return { operationId, status: 'disabled', registrationState: { registrationId, status: 'disabled' } };
      case 'failed':
        return {
          operationId,
          status: 'failed',
          registrationState: {
            registrationId,
            createdDateTimeUtc: utcTicks(now),
            status: 'failed',
            errorCode: outcome.problem.errorCode,
            errorMessage: outcome.problem.message,
            lastUpdatedDateTimeUtc: utcTicks(now),
            etag: outcome.etag,
          },
        };
    }
  },

  state(record: RegistrationRecord): RegistrationState {
    return {
      registrationId: record.registrationId,
      createdDateTimeUtc: utcTicks(record.createdAt),
      assignedHub: record.hub,
      deviceId: record.deviceId,
      status: 'assigned',
      substatus: record.substatus,
      lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
      etag: record.etag,
      ...(record.payload === undefined ? {} : { payload: record.payload }),
    };
  },
} as const;
