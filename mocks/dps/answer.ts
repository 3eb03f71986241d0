import type { ChallengeBody, OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import { isoInstant, type Clock } from '../../core/time/clock.ts';
import type { ErrorBody, Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';

/** An answer of the service to a device; each listener encodes it for its protocol. */
export interface Answer {
  /** HTTP status; also the status in the MQTT response topic. */
  readonly status: number;
  readonly body: OperationBody | ChallengeBody | ErrorBody | RegistrationState;
  readonly retryAfterSeconds?: number;
  /** An injected fault closes the connection instead of sending this answer. */
  readonly dropped?: true;
  /** Also the header x-ms-request-id. */
  readonly trackingId: string;
}

/** Returns the answer with the error body of a problem. */
export function refusal(problem: Problem, random: Random, clock: Clock): Answer {
  const trackingId = random.uuid();
  const { errorCode, message } = problem;
  return {
    status: problem.status,
    trackingId,
    body: { errorCode, trackingId, message, timestampUtc: utcTicks(clock.now()) },
  };
}

/** Formats a timestamp as the service does: ISO 8601 with seven fractional digits. */
export function utcTicks(instant: number): string {
  return isoInstant(instant).replace('Z', '0000Z');
}
