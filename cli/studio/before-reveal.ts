import type { HistoryEvent } from '../../core/history/events.ts';

/**
 * What an audience is shown of an event before the end is revealed: who acts and what is sent, and neither how it ends nor why.
 * Returns undefined if nothing of the event may be shown.
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
      return event;
    case 'deed':
      // Sentences tell results as well: "the service answers 401 to its enrollment".
      return { ...event, sentence: `${event.party.replaceAll('-', ' ')} acts; the result is shown at the reveal` };
    case 'wire':
      return isFromService(event.from) ? undefined : { ...event, message: requestIn(event.message) };
    case 'attempt-ended':
    case 'decision':
    case 'service-record':
    case 'signals':
    case 'unit':
    case 'reconciled':
    case 'blast-radius':
    case 'drill':
      return undefined;
  }
}

/** What a service sends by itself may be an answer, such as that of a twin request. */
function isFromService(from: string): boolean {
  return from === 'dps' || from === 'hub' || from.includes('.azure-devices') || from.includes('.windows.net');
}

/** The method, and the path or topic if the message is a request. Bodies and answers are left out, in whatever form they are. */
function requestIn(message: string): string {
  const [, method = 'a message', target] = /^([A-Za-z][\w-]*)(?: (\S+))?/.exec(message) ?? [];
  const isRequest = target !== undefined && requests.has(method) && !target.includes('/res/');
  return isRequest ? `${method} ${target}` : method;
}

const requests: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'CONNECT', 'PUBLISH']);
