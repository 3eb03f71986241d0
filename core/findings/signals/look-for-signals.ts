import { defined } from '../../defined.ts';
import type { HistoryEvent } from '../../history/events.ts';
import type { Millis } from '../../time/clock.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { signals } from './index.ts';
import type { LoggedRecord, ServiceLogs } from './signal.ts';
import type { SignalFinding } from '../../history/events.ts';

/**
 * Searches the service logs for all signals. Reads only the log records of a history, because a real defender has no
 * other data.
 *
 * @param audited registration IDs in the audit trails of the factory; undefined if no station wrote a trail.
 */
export function lookForSignals(
  events: readonly HistoryEvent[],
  audited: Iterable<string> | undefined,
): readonly SignalFinding[] {
  const records = events.flatMap(recordsIn);
  const logs: ServiceLogs = { records, audited: audited && new Set([...audited].map(registrationKey)) };
  return signals.flatMap((signal) => signal.find(logs).map((finding) => ({ signal: signal.id, ...finding })));
}

/**
 * Returns the log records of an event. A `quiet-visits` event gives two records, of its first and its last visit.
 * Between these visits, the hub logged no other client with this identity.
 */
function recordsIn(event: HistoryEvent, index: number): readonly LoggedRecord[] {
  if (event.kind === 'service-record') return [{ ...event, event: index }];
  if (event.kind !== 'quiet-visits') return [];
  const { hub: service, deviceId: identity, from, first, last, tokenExpiresAt } = event;
  const record = { service, identity, outcome: 'attested', ...defined({ from }), event: index } as const;
  // All tokens of a device have the same lifetime.
  const expiry = (at: Millis) => defined({ tokenExpiresAt: tokenExpiresAt && tokenExpiresAt - last + at });
  return [...new Set([first, last])].map((at) => ({ ...record, at, ...expiry(at) }));
}
