import type { DeviceOperation, FaultRule } from '../cloud/faults.ts';
import type { Millis } from '../time/clock.ts';

/**
 * Returns true if a fault affects this kind of call at this instant. Ignores the registration ID, which the caller
 * compares.
 */
export function faultCovers(
  rule: Pick<FaultRule, 'operation' | 'from' | 'to'>,
  operation: DeviceOperation,
  now: Millis,
): boolean {
  return (
    (rule.operation === undefined || rule.operation === operation) &&
    (rule.from === undefined || rule.from <= now) &&
    (rule.to === undefined || now < rule.to)
  );
}
