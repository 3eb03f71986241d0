import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { failed, notExercised, passed, type Finding } from './finding.ts';

interface EachRule<Item> {
  /** The explanation of the finding `not exercised`, for a record without any item. */
  readonly missing: string;
  readonly expected: string;
  readonly isRight: (item: Item) => boolean;
  readonly describe: (item: Item) => string;
  readonly events: (item: Item) => readonly WireEvent[];
}

/** Judges a statement that every item must meet. The first item that does not meet it is the evidence. */
export function judgeEach<Item>(items: readonly Item[], rule: EachRule<Item>): Finding {
  const [first] = items;
  if (first === undefined) return notExercised(rule.missing);
  const wrong = items.find((item) => !rule.isRight(item));
  return wrong === undefined
    ? passed(rule.describe(first), ...rule.events(first))
    : failed(rule.expected, rule.describe(wrong), ...rule.events(wrong));
}

/** Judges a statement that every event must meet. */
export function judgeEvents<Event extends WireEvent>(
  items: readonly Event[],
  rule: Omit<EachRule<Event>, 'events'>,
): Finding {
  return judgeEach(items, { ...rule, events: (event) => [event] });
}
