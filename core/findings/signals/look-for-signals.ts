import type { HistoryEvent } from '../../history/events.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { signals } from './index.ts';
import type { ServiceLogs } from './signal.ts';
import type { SignalFinding } from '../../history/events.ts';

/**
 * Searches the service logs for all signals. Reads only the log records of a history: facts that only the simulation knows are not
 * evidence for a defender.
 *
 * @param audited registration IDs in the audit trails of the factory; undefined if no station wrote one.
 */
export function lookForSignals(
  events: readonly HistoryEvent[],
  audited: Iterable<string> | undefined,
): readonly SignalFinding[] {
  const records = events.flatMap((record, event) => (record.kind === 'service-record' ? [{ ...record, event }] : []));
  const logs: ServiceLogs = { records, audited: audited && new Set([...audited].map(registrationKey)) };
  return signals.flatMap((signal) => signal.find(logs).map((finding) => ({ signal: signal.id, ...finding })));
}
