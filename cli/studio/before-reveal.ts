import type { HistoryEvent } from '../../core/history/events.ts';

/**
 * Returns the part of an event that the audience may see before the presenter reveals the result: the actor and the request. Undefined if
 * the audience may see no part.
 */
export function beforeReveal(event: HistoryEvent): HistoryEvent | undefined {
  switch (event.kind) {
    case 'step-started':
    case 'step-ended':
    case 'time-jumped':
    case 'asked-afar':
    case 'secret':
    case 'line-ended':
    case 'attempt-started':
    case 'client-hello':
      return event;
    case 'deed':
      // The sentence of an action may contain its result, as in "the service answers 401 to its enrollment".
      return {
        ...event,
        sentence: `${event.party.replaceAll('-', ' ')} acts; the result appears when the presenter reveals it`,
      };
    case 'wire':
      return isFromService(event.from) ? undefined : { ...event, message: requestIn(event.message) };
    case 'attempt-ended':
    case 'quiet-visits':
    case 'decision':
    case 'service-record':
    case 'signals':
    case 'unit':
    case 'reconciled':
    case 'blast-radius':
    case 'drill':
    case 'fleet':
      return undefined;
  }
}

/**
 * Returns true for a message of a service. Such a message is hidden, because it may answer a request, for example with the content of a
 * twin.
 */
function isFromService(from: string): boolean {
  return from === 'dps' || from === 'hub' || from.includes('.azure-devices') || from.includes('.windows.net');
}

/** Returns the method of a message. If the message is a request, also returns its path or topic, but never its body or the answer. */
function requestIn(message: string): string {
  const [, method = 'a message', target] = /^([A-Za-z][\w-]*)(?: (\S+))?/.exec(message) ?? [];
  const isRequest = target !== undefined && requests.has(method) && !target.includes('/res/');
  return isRequest ? `${method} ${target}` : method;
}

const requests: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'CONNECT', 'PUBLISH']);
