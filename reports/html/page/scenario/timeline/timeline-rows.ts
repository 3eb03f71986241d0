import type { HistoryEvent } from '../../../../../core/history/events.ts';
import { attackText } from '../../attack/attack-text.ts';
import { type AttackEvent, attackResults, attackWords } from '../../../../../core/findings/attack-results.ts';
import { decodeWire } from '../event/decode-wire.ts';
import { eventText } from '../event/event-text.ts';
import { type Icon, iconOf } from './icon-of.ts';
import { spanOf, type Span } from './lanes.ts';

/** A row of the timeline. `event` is an index in the history, from 0. */
export interface Row {
  readonly event: number;
  readonly kind: 'step' | 'fold' | 'event';
  /** Virtual instant of the event; for a fold, the start of the period without events. */
  readonly at: number;
  readonly text: string;
  readonly icon: Icon;
  readonly span: Span | undefined;
  /** `bad` if the event is bad for the owner of the devices: a service refused an honest device, or accepted an attacker. */
  readonly tone: 'plain' | 'good' | 'bad';
  /** True if a service refused a client, honest or not. */
  readonly isRefusal: boolean;
  /** True if the event is a message with an answer. The answer goes from `span.to` back to `span.from`. */
  readonly isAnswered: boolean;
}

/**
 * Returns the history as rows: a heading for each step, a fold for each period without events, and a row for each other event. The end of a
 * step has no row, because the heading of the next step shows where the step ends.
 */
export function timelineRows(history: readonly HistoryEvent[]): readonly Row[] {
  const rows: Row[] = [];
  const intruders = new Set<string>();
  const attacks = attackResults(history);
  for (const [event, happening] of history.entries()) {
    const { kind } = happening;
    if (kind === 'step-ended') continue;
    if (kind === 'attempt-started' && happening.by === 'attacker') intruders.add(happening.registrationId);
    const attack = attacks.get(event);
    const base = {
      event,
      at: happening.at,
      span: spanOf(happening, intruders),
      tone: toneOf(happening, attack),
      isRefusal: isRefusal(happening),
      icon: iconOf(happening),
      isAnswered: kind === 'wire' && decodeWire(happening.message).answer !== undefined,
    };
    if (kind === 'attempt-ended') intruders.delete(happening.registrationId);
    const last = rows.at(-1);
    if (kind === 'time-jumped' && last?.kind === 'fold') {
      // Consecutive time jumps without another event between them become one fold row.
      const from = last.at;
      rows[rows.length - 1] = { ...last, event, text: eventText({ ...happening, from }) };
    } else if (kind === 'time-jumped') {
      rows.push({ ...base, kind: 'fold', at: happening.from, text: eventText(happening) });
    } else {
      rows.push({ ...base, kind: kind === 'step-started' ? 'step' : 'event', text: attackText(happening, attack) });
    }
  }
  return rows;
}

function toneOf(event: HistoryEvent, attack: AttackEvent | undefined): Row['tone'] {
  if (attack !== undefined) return attackWords[attack.result].tone;
  if (isRefusal(event)) return 'bad';
  return event.kind === 'attempt-ended' || event.kind === 'quiet-visits' ? 'good' : 'plain';
}

function isRefusal(event: HistoryEvent): boolean {
  if (event.kind === 'decision') return event.checks.some(({ passed }) => !passed);
  return event.kind === 'attempt-ended' && event.outcome !== 'assigned';
}
