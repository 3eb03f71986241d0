import type { ChallengeBody, OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import { isoInstant, type Clock } from '../../core/time/clock.ts';
import type { ErrorBody, Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';

/** An answer of the service to a device; each listener encodes it for its protocol. */
export interface Answer {
  /** HTTP status. Over MQTT it is part of the response topic. */
  readonly status: number;
  readonly body: OperationBody | ChallengeBody | ErrorBody | RegistrationState | UpdateBody;
  /** The header `x-ms-error-code`. Default: the numeric error code in the body. */
  readonly textCode?: string;
  readonly retryAfterSeconds?: number;
  /** True if an injected fault closes the connection, so that this answer is not sent. */
  readonly dropped?: true;
  /** ID by which users find the answer in logs. Over HTTPS it is also the header x-ms-request-id. */
  readonly trackingId: string;
}

/** The body of an answer of the update service. */
interface UpdateBody {
  readonly serviceConfigEtag?: unknown;
}

/** Returns the answer to a request that has this problem, with its error body. */
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
