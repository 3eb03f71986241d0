import type { AttemptEnd } from '../../core/history/events.ts';
import { valueIn } from '../../core/wire/value-in.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';

/** What the service said no with. */
export function refusal({ status, body }: WireAnswer): AttemptEnd {
  const errorCode = valueIn(body, 'errorCode');
  return {
    outcome: 'refused',
    sentence: `the service answered ${status}`,
    ...(typeof errorCode === 'number' ? { errorCode } : {}),
    telemetry: 'none',
    attempts: 1,
  };
}
