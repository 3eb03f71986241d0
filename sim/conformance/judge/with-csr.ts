import { eventsOf, type EventOf, type WorldRecord } from './world-record.ts';

/** Returns the requests to DPS with a certificate signing request. */
export function withCsr(record: Pick<WorldRecord, 'events'>): readonly EventOf<'dps-request'>[] {
  return eventsOf(record, 'dps-request').filter(({ csr }) => csr !== undefined);
}
