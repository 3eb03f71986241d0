import type { HistoryEvent } from '../../../../../core/history/events.ts';

type Door = Extract<HistoryEvent, { kind: 'wire' }>['door'];

/** The parts of a request line. */
export interface MessageFields {
  /** The label of `target` on the page: topic, path, address, … */
  readonly label: string;
  readonly method: string;
  readonly target: string;
  /** Query parameters of a path; properties of a topic. */
  readonly properties: readonly (readonly [string, string])[];
}

/** Splits the head of a request into method, target and properties. Returns undefined for a head without a method. */
export function messageFields(door: Door, head: string): MessageFields | undefined {
  const [, method = '', rest = ''] = /^([A-Z][A-Z-]+)(?: (.*))?$/s.exec(head) ?? [];
  if (method === '') return undefined;
  const [target, bag] = split(rest, door);
  return { label: labelOf(door, method), method, target, properties: propertiesOf(bag) };
}

/** Splits a target from its properties. In an MQTT topic of a device message, the properties follow the last `/`, and there is no `?`. */
function split(rest: string, door: Door): readonly [string, string] {
  const query = rest.indexOf('?');
  if (query >= 0) return [rest.slice(0, query), rest.slice(query + 1)];
  const end = rest.lastIndexOf('/') + 1;
  const [topic, bag] = [rest.slice(0, end), rest.slice(end)];
  const hasBag = /\/messages\/(?:events|devicebound)\/$/.test(topic) && bag.includes('=');
  return door.startsWith('mqtt') && hasBag ? [topic, bag] : [rest, ''];
}

function propertiesOf(bag: string): readonly (readonly [string, string])[] {
  return bag === '' ? [] : [...new URLSearchParams(bag)];
}

function labelOf(door: Door, method: string): string {
  if (door === 'https') return 'Path';
  if (method === 'CONNECT') return 'User name';
  if (door.startsWith('mqtt')) return 'Topic';
  return method === 'SASL' ? 'Mechanism' : 'Address';
}

/** Explains the status of an answer, such as `CONNACK 5` (MQTT 3.1.1, 3.2.2.3) or `401`. Returns undefined for other answers. */
export function statusMeaning(head: string): string | undefined {
  const [, code] = /^CONNACK (\d+)$/.exec(head) ?? [];
  if (code !== undefined) return connackCodes[Number(code)];
  const [, status] = /^(\d{3})(?: |$)/.exec(head) ?? [];
  return status === undefined ? undefined : statusCodes[status];
}

/** Returns true if an answer reports an error. */
export function isErrorAnswer(head: string): boolean {
  return /^CONNACK [1-9]/.test(head) || /^[45]\d\d(?:\b|\d{3}\b)/.test(head) || /\brefused\b/.test(head);
}

const connackCodes = [
  'accepted',
  'unacceptable protocol version',
  'client ID rejected',
  'server unavailable',
  'bad user name or password',
  'not authorized',
];

const statusCodes: Readonly<Record<string, string>> = {
  200: 'OK',
  202: 'accepted, not complete yet',
  204: 'no content',
  400: 'bad request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  409: 'conflict',
  412: 'precondition failed',
  429: 'too many requests',
  500: 'internal error',
  503: 'service unavailable',
};
