import type { WireEvent } from '../../../core/conformance/wire-event.ts';

/** Returns the number of telemetry messages of the client, over MQTT and HTTPS. */
export function telemetryCount(events: readonly WireEvent[]): number {
  return events.filter(isTelemetry).length;
}

/** Returns true for a telemetry message of the client. */
export function isTelemetry(event: WireEvent): boolean {
  if (event.kind === 'publish') return event.from === 'client' && event.topic.startsWith('devices/');
  return event.kind === 'http' && event.method === 'POST' && event.path.includes('/messages/events');
}

/**
 * Returns true if the client is in service: it sent telemetry, or DPS assigned it over AMQP. The assignment suffices over AMQP, because the
 * lab does not read AMQP frames to a hub.
 */
export function isInService(events: readonly WireEvent[]): boolean {
  return events.some((event) => isTelemetry(event) || isAmqpAssignment(event));
}

function isAmqpAssignment(event: WireEvent): boolean {
  return event.kind === 'dps-answer' && event.connection === 0 && statusOf(event) === 'assigned';
}

/** Returns the number of requests of the device API of one kind. */
export function requestCount(events: readonly WireEvent[], operation: 'register' | 'poll'): number {
  return events.filter((event) => event.kind === 'dps-request' && event.operation === operation).length;
}

/** Returns the number of answers of DPS that meet a condition. */
export function answerCount(
  events: readonly WireEvent[],
  isMeant: (answer: Extract<WireEvent, { kind: 'dps-answer' }>) => boolean,
): number {
  return events.filter((event) => event.kind === 'dps-answer' && isMeant(event)).length;
}

/** Returns the status in the body of an answer of DPS. */
export function statusOf({ body }: Extract<WireEvent, { kind: 'dps-answer' }>): unknown {
  return typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
}

/** Returns the number of MQTT CONNECT packets to a service. */
export function connectCount(events: readonly WireEvent[], service: 'dps' | 'hub'): number {
  return events.filter((event) => event.kind === 'connect' && event.service === service).length;
}
