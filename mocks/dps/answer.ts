import type { ChallengeBody, OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import { isoInstant, type Clock } from '../../core/time/clock.ts';
import type { ErrorBody, Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';

/** What the service says; every door writes it down in its own way. */
export interface Answer {
  /** HTTP status, and status in the MQTT response topic. */
  readonly status: number;
  readonly body: OperationBody | ChallengeBody | ErrorBody | RegistrationState;
  readonly retryAfterSeconds?: number;
  /** The connection is cut in place of this answer: a fault that was ordered. */
  readonly dropped?: true;
  /** Also the header x-ms-request-id. */
  readonly trackingId: string;
}

/** A refusal as an answer, with its error body. */
export function refusal(problem: Problem, random: Random, clock: Clock): Answer {
  const trackingId = random.uuid();
  const { errorCode, message } = problem;
  return {
    status: problem.status,
    trackingId,
    body: { errorCode, trackingId, message, timestampUtc: utcTicks(clock.now()) },
  };
}

/** The service's timestamps: ISO 8601 with seven fractional digits. */
export function utcTicks(instant: number): string {
  return isoInstant(instant).replace('Z', '0000Z');
}
