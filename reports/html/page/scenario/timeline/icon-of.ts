import type { HistoryEvent } from '../../../../../core/history/events.ts';

/** The picture of an event in the list. */
export type Icon =
  | 'accepted'
  | 'action'
  | 'certificate'
  | 'factory'
  | 'key'
  | 'log'
  | 'message'
  | 'refused'
  | 'start'
  | 'step'
  | 'theft'
  | 'time';

/** Returns the picture for the kind of an event. */
export function iconOf(event: HistoryEvent): Icon {
  switch (event.kind) {
    case 'deed':
      if (event.party === 'attacker') return 'theft';
      return event.certificates === undefined ? 'action' : 'certificate';
    case 'secret':
      return 'key';
    case 'wire':
    case 'client-hello':
    case 'asked-afar':
      return 'message';
    case 'decision':
      return event.checks.every(({ passed }) => passed) ? 'accepted' : 'refused';
    case 'attempt-started':
      return 'start';
    case 'attempt-ended':
      return event.outcome === 'assigned' ? 'accepted' : 'refused';
    case 'quiet-visits':
      return 'accepted';
    case 'service-record':
    case 'signals':
    case 'reconciled':
      return 'log';
    case 'blast-radius':
    case 'drill':
      return 'theft';
    case 'unit':
    case 'line-ended':
    case 'fleet':
      return 'factory';
    case 'time-jumped':
      return 'time';
    case 'step-started':
    case 'step-ended':
      return 'step';
  }
}
