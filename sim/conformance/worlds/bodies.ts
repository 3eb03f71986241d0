import type { ScriptAnswer } from '../script.ts';
import type { WorldFacts } from './world-facts.ts';

/** Returns the answer of DPS that assigns the device. @param members further members of the registration state. */
export function assignedAnswer(facts: WorldFacts, operationId: string, members: object = {}): ScriptAnswer {
  const { registrationId, deviceId, hub } = facts;
  return {
    status: 200,
    body: {
      operationId,
      status: 'assigned',
      registrationState: {
        registrationId,
        createdDateTimeUtc: '2026-01-05T08:00:00.000Z',
        assignedHub: hub,
        deviceId,
        status: 'assigned',
        substatus: 'initialAssignment',
        lastUpdatedDateTimeUtc: '2026-01-05T08:00:00.000Z',
        etag: 'IjAwMDAi',
        ...members,
      },
    },
  };
}

/** Returns the answer with which DPS refuses a request. */
export function errorAnswer(
  status: number,
  errorCode: number,
  message: string,
  retryAfterSeconds?: number,
): ScriptAnswer {
  return {
    status,
    body: {
      errorCode,
      trackingId: '8ad0463c-6427-4479-9dfa-3e8bb7003e9b',
      message,
      timestampUtc: '2026-01-05T08:00:00.0000000Z',
    },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Returns a copy of an answer, with further members in its registration state. */
export function withStateMembers(answer: ScriptAnswer, members: object): ScriptAnswer {
  const { body } = answer;
  if (typeof body !== 'object' || body === null || !('registrationState' in body)) return answer;
  const { registrationState } = body;
  if (typeof registrationState !== 'object' || registrationState === null) return answer;
  return { ...answer, body: { ...body, registrationState: { ...registrationState, ...members } } };
}
