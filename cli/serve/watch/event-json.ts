import { firstFailed } from '../../../core/history/decision.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { isoInstant } from '../../../core/time/clock.ts';

/** Returns an event as the control API shows it: the time in ISO 8601, and for a decision the ID of the failed check in `failed`. */
export function eventJson({ at, ...event }: HistoryEvent): Readonly<Record<string, unknown>> {
  return {
    at: isoInstant(at),
    ...event,
    ...(event.kind === 'decision' ? { failed: firstFailed(event)?.check ?? null } : {}),
  };
}
