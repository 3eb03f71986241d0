import type { HistoryEvent } from '../../history/events.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { signals } from './index.ts';
import type { ServiceLogs } from './signal.ts';
import type { SignalFinding } from '../../history/events.ts';

/**
 * What the books of the services tell by now. Of the history it sees the lines of their logs and nothing else: what only the
 * simulation knows is no evidence.
 *
 * @param audited registration IDs of the audit trails of the factory; undefined where nobody wrote one.
 */
export function lookForSignals(
  events: readonly HistoryEvent[],
  audited: Iterable<string> | undefined,
): readonly SignalFinding[] {
  const records = events.flatMap((record, event) => (record.kind === 'service-record' ? [{ ...record, event }] : []));
  const books: ServiceLogs = { records, audited: audited && new Set([...audited].map(registrationKey)) };
  return signals.flatMap((signal) => signal.find(books).map((finding) => ({ signal: signal.id, ...finding })));
}
