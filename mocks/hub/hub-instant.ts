import { isoInstant, type Millis } from '../../core/time/clock.ts';

/** How a hub writes an instant: seven fractional digits; the first day of the first year for what never happened. */
export function hubInstant(instant: Millis | undefined): string {
  return instant === undefined ? '0001-01-01T00:00:00Z' : isoInstant(instant).replace('Z', '0000Z');
}
