import type { HistoryEvent } from '../../../core/history/events.ts';
import { freshKey } from '../../../core/random.ts';
import { LogEntries } from './log-entries.ts';
import type { LogEntry } from './log-entry.ts';

/** One message of the feed: an event of the history, or a line of the log. */
export type FeedMessage = { readonly id: string } & (
  | { readonly type: 'history'; readonly event: HistoryEvent }
  | { readonly type: 'log'; readonly entry: LogEntry }
);

/** The messages after an ID. */
interface Missed {
  readonly messages: readonly FeedMessage[];
  /** True if the feed has dropped messages between the ID and the first of `messages`, or if the ID is from another lab run. */
  readonly hasGap: boolean;
}

/** The events of a lab as they happen. Log, event streams and live page subscribe to this feed. */
export class EventFeed {
  readonly #subscribers = new Set<(message: FeedMessage) => void>();
  readonly #entries = new LogEntries((entry) => this.#send({ type: 'log', entry, id: this.#nextId() }));
  /** Part of each ID, so that an ID of an earlier run of the lab is recognised. */
  readonly #run = freshKey(4).toString('hex');
  #count = 0;
  /** The newest messages, oldest first. */
  #kept: FeedMessage[] = [];

  /** Takes an event that the history recorded. */
  take(event: HistoryEvent): void {
    this.#send({ type: 'history', event, id: this.#nextId() });
    this.#entries.add(event);
  }

  /** Calls `read` with each later message. Returns a function that ends the subscription. */
  subscribe(read: (message: FeedMessage) => void): () => void {
    this.#subscribers.add(read);
    return () => this.#subscribers.delete(read);
  }

  /** Returns the kept messages after the message with this ID. The ID `0` means all. */
  after(id: string): Missed {
    if (id === '0') return { messages: this.#kept, hasGap: false };
    const at = this.#kept.findIndex((message) => message.id === id);
    return at < 0 ? { messages: this.#kept, hasGap: true } : { messages: this.#kept.slice(at + 1), hasGap: false };
  }

  /** Sends the log entries that wait for their transport. */
  flush(): void {
    this.#entries.flush();
  }

  #nextId(): string {
    this.#count += 1;
    return `${this.#run}-${this.#count}`;
  }

  #send(message: FeedMessage): void {
    this.#kept.push(message);
    if (this.#kept.length > keptLimit * 1.1) this.#kept = this.#kept.slice(-keptLimit);
    for (const read of this.#subscribers) read(message);
  }
}

/** Minimum number of messages that a reader can get after a lost connection. */
const keptLimit = 1000;
