import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { eventsOf, type EventOf, type WorldRecord } from './world-record.ts';

/** Returns the MQTT CONNECT packets to a service, in order. */
export function connectsTo(record: Pick<WorldRecord, 'events'>, service: 'dps' | 'hub'): readonly EventOf<'connect'>[] {
  return eventsOf(record, 'connect').filter((each) => each.service === service);
}

/** Returns true if the client connected to a hub over this connection. */
export function isHubConnection(record: Pick<WorldRecord, 'events'>, connection: number): boolean {
  return connectsTo(record, 'hub').some((each) => each.connection === connection);
}

/** Returns the events of a connection, in order. */
export function eventsFrom({ events }: Pick<WorldRecord, 'events'>, connection: number): readonly WireEvent[] {
  return events.filter((event) => 'connection' in event && event.connection === connection);
}

/** Returns the event with which the client or the service ended a connection; undefined while the connection is open. */
export function endOf(record: Pick<WorldRecord, 'events'>, connection: number): WireEvent | undefined {
  return eventsFrom(record, connection).find(({ kind }) => kind === 'disconnect' || kind === 'closed');
}
