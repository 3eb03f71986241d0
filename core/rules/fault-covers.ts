import type { DeviceOperation, FaultRule } from '../cloud/faults.ts';
import type { Millis } from '../time/clock.ts';

/** Returns true if a fault is about this kind of call at this instant. The caller compares the registration ID. */
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
