import type { CheckId, Judge } from '../checks.ts';
import type { Clock } from '../time/clock.ts';
import { DecisionTrace } from './decision.ts';
import type { EventData, HistoryEvent } from './events.ts';

/** Everything that happened in one world, in order. Only grows, unless it was given a limit. */
export class History {
  readonly #clock: Clock;
  readonly #limit: number | undefined;
  readonly #onRecord: () => void;
  readonly #sabotage: CheckId | undefined;
  #events: HistoryEvent[] = [];

  /**
   * @param options.limit for a lab that runs for weeks: how many events are kept. The oldest go, a tenth at a time, and long
   *   texts are shortened, so that a flood of messages takes no more than so much memory.
   * @param options.onRecord told after each event.
   * @param options.sabotage a check that is switched off for every judge whose decisions go into this history.
   */
  constructor(
    clock: Clock,
    options: { readonly limit?: number; readonly onRecord?: () => void; readonly sabotage?: CheckId | undefined } = {},
  ) {
    this.#clock = clock;
    this.#limit = options.limit;
    this.#onRecord = options.onRecord ?? (() => {});
    this.#sabotage = options.sabotage;
  }

  /**
   * Begins a decision. Nothing of it is on record until `record` is given it.
   *
   * @param from network address of the client that it is about, so that two clients of one name are told apart.
   */
  trace(judge: Judge, subject: string, about: string, from?: string): DecisionTrace {
    return new DecisionTrace(judge, subject, about, this.#sabotage, from);
  }

  record(data: EventData): void {
    const event = { at: this.#clock.now(), ...data };
    this.#events.push(this.#limit === undefined ? event : shortened(event));
    if (this.#limit !== undefined && this.#events.length > this.#limit) {
      this.#events = this.#events.slice(Math.ceil(this.#limit / 10));
    }
    this.#onRecord();
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }
}

const textLimit = 2000;

/** The same with every text inside cut to its beginning. Copied: what is cut out of a long text would keep all of it. */
function shortened<T>(value: T): T {
  if (typeof value === 'string' && value.length > textLimit) {
    return Buffer.from(`${value.slice(0, textLimit)}…`).toString() as T & string;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shortened) as T & unknown[];
  return Object.fromEntries(Object.entries(value).map(([word, inner]) => [word, shortened(inner)])) as T;
}
