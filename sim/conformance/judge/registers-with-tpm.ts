import { memberOf } from './exchanges.ts';
import { eventsOf, type EventOf, type WorldRecord } from './world-record.ts';

/** Returns the register requests with the member `tpm`. */
export function registersWithTpm(record: Pick<WorldRecord, 'events'>): readonly EventOf<'dps-request'>[] {
  return eventsOf(record, 'dps-request').filter(
    ({ operation, body }) => operation === 'register' && memberOf(body, 'tpm') !== undefined,
  );
}
