import { eventsOf, type EventOf, type WorldRecord } from './world-record.ts';

/** A request of the device API of DPS with its answer. */
export interface Exchange {
  readonly request: EventOf<'dps-request'>;
  /** Undefined if DPS did not answer. */
  readonly answer: EventOf<'dps-answer'> | undefined;
}

/** Returns the requests in order, each with its answer. Request and answer have the same connection, operation and request ID. */
export function exchanges(record: Pick<WorldRecord, 'events'>): readonly Exchange[] {
  const left = [...eventsOf(record, 'dps-answer')];
  return eventsOf(record, 'dps-request').map((request) => {
    const at = left.findIndex(
      (answer) =>
        answer.at >= request.at &&
        answer.connection === request.connection &&
        answer.operation === request.operation &&
        answer.rid === request.rid,
    );
    const [answer] = at === -1 ? [] : left.splice(at, 1);
    return { request, answer };
  });
}

/** Returns the status in the body of an answer, such as `assigned`; undefined if the body has no status. */
export function statusIn(answer: EventOf<'dps-answer'> | undefined): string | undefined {
  return textIn(answer?.body, 'status');
}

/** Returns a string member of a JSON object; undefined if the member is missing or not a string. */
export function textIn(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Returns a member of a JSON object; undefined if it is missing. */
export function memberOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  return (body as Readonly<Record<string, unknown>>)[name];
}
