import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import { valueIn } from '../../core/wire/value-in.ts';
import type { WireAnswer } from '../transports/dps-connection.ts';

/** Returns the outcome of an attempt that DPS refused with this response. */
export function refusal({ status, body }: WireAnswer): AttemptEnd {
  const errorCode = valueIn(body, 'errorCode');
  return {
    outcome: 'refused',
    sentence: `DPS answered ${status}`,
    ...defined({ errorCode: typeof errorCode === 'number' ? errorCode : undefined }),
    telemetry: 'none',
    attempts: 1,
  };
}
