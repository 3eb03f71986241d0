import type { HistoryEvent } from '../../../../core/history/events.ts';
import { eventText } from '../scenario/event/event-text.ts';
import { type AttackEvent, attackWords } from '../../../../core/findings/attack-results.ts';

/** Describes an event. The result of an attack comes first, in words, so that it does not depend on colour. */
export function attackText(event: HistoryEvent, attack: AttackEvent | undefined): string {
  return attack === undefined ? eventText(event) : `${attackWords[attack.result].word}: ${eventText(event)}`;
}
