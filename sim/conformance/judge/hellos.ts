import { eventsOf, type EventOf, type WorldRecord } from './world-record.ts';

/** Returns the ClientHellos to DPS or to a hub. A ClientHello without a server name counts as sent to DPS. */
export function hellosTo(record: Pick<WorldRecord, 'events'>, service: 'dps' | 'hub'): readonly EventOf<'hello'>[] {
  return eventsOf(record, 'hello').filter(
    ({ serverName = '' }) => serverName.toLowerCase().endsWith('.azure-devices.net') === (service === 'hub'),
  );
}
