import type { HistoryEvent } from '../../../../core/history/events.ts';
import { eventText } from '../scenario/event/event-text.ts';

/** Two corresponding events of two histories, or one event without a counterpart. The numbers are indexes in the histories, from 0. */
export interface Pair {
  readonly left: number | undefined;
  readonly right: number | undefined;
  readonly differs: boolean;
}

/** Pairs the events of two histories in order, with as many equal pairs as possible. */
export function pairedEvents(
  one: readonly HistoryEvent[],
  other: readonly HistoryEvent[],
): { readonly pairs: readonly Pair[]; readonly isRough: boolean } {
  const left = comparable(one);
  const right = comparable(other);
  const isRough = left.length * right.length > mostCells;
  return { pairs: isRough ? byPlace(left, right) : byContent(left, right), isRough };
}

/** Maximum number of cells in the table that the comparison computes, so that the table needs at most some dozen megabytes. */
const mostCells = 6_000_000;

interface Comparable {
  readonly place: number;
  readonly text: string;
  /** Two events with the same `kin` correspond even if their texts differ. */
  readonly kin: string;
}

function comparable(history: readonly HistoryEvent[]): readonly Comparable[] {
  return history.flatMap((event, place) => {
    if (event.kind === 'step-ended') return [];
    return [{ place, text: withoutChance(eventText(event)), kin: kinOf(event) }];
  });
}

/** Replaces random numbers in a text, because they differ in each run. */
function withoutChance(text: string): string {
  return text.replaceAll(/\b[\da-f]{8}-[\da-f-]{27}\b|\b[\dA-Fa-f]{16,}\b|\b[a-z2-7]{52}\b|\$rid=\d+/g, '…');
}

function kinOf(event: HistoryEvent): string {
  if (event.kind === 'step-started') return `step ${event.name}`;
  if (event.kind === 'decision') return `decision ${event.judge} ${event.about}`;
  if (event.kind === 'wire') return `wire ${event.to} ${event.message.split(' ')[0]}`;
  if (event.kind === 'deed') return `deed ${event.party}`;
  return event.kind === 'secret' ? `secret ${event.sort} ${event.change}` : event.kind;
}

function byPlace(left: readonly Comparable[], right: readonly Comparable[]): readonly Pair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    left: left[index]?.place,
    right: right[index]?.place,
    differs: left[index]?.text !== right[index]?.text,
  }));
}

/** Finds the common subsequence with the largest weight: a pair with equal texts weighs more than a pair of corresponding events. */
function byContent(left: readonly Comparable[], right: readonly Comparable[]): readonly Pair[] {
  const width = right.length + 1;
  const best = new Uint32Array((left.length + 1) * width);
  const gain = (a: Comparable | undefined, b: Comparable | undefined): number =>
    a === undefined || b === undefined ? 0 : a.text === b.text ? 3 : a.kin === b.kin ? 1 : 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const match = gain(left[i], right[j]);
      const matched = match === 0 ? 0 : match + (best[(i + 1) * width + j + 1] ?? 0);
      best[i * width + j] = Math.max(matched, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    const here = best[i * width + j] ?? 0;
    const match = gain(a, b);
    if (match > 0 && here === match + (best[(i + 1) * width + j + 1] ?? 0)) {
      pairs.push({ left: a?.place, right: b?.place, differs: match < 3 });
      i += 1;
      j += 1;
    } else if (b === undefined || (a !== undefined && here === best[(i + 1) * width + j])) {
      pairs.push({ left: a?.place, right: undefined, differs: true });
      i += 1;
    } else {
      pairs.push({ left: undefined, right: b.place, differs: true });
      j += 1;
    }
  }
  return pairs;
}
