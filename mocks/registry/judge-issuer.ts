import type { DecisionTrace } from '../../core/history/decision.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { PolicyRecord } from './ca-record.ts';
import type { DeviceRegistry } from './device-registry.ts';

/** Checks that the CA of a policy can issue a certificate at `now`. */
export function judgeIssuer(
  policy: PolicyRecord,
  registry: DeviceRegistry,
  now: Millis,
  trace: DecisionTrace,
): boolean {
  const { isUsable, found } = registry.usability(policy, now);
  return trace.check('issuing-ca-usable', isUsable, 'an active CA whose certificate is valid now', found);
}
