import { isoInstant, type Millis } from '../../core/time/clock.ts';

/**
 * Formats an instant as a hub does, with seven fractional digits. The value undefined means "never" and gives the first day of
 * year 1.
 */
export function hubInstant(instant: Millis | undefined): string {
  return instant === undefined ? '0001-01-01T00:00:00Z' : isoInstant(instant).replace('Z', '0000Z');
}
