import type { HistoryEvent } from '../../../core/history/events.ts';
import { freshKey } from '../../../core/random.ts';
import { LogEntries } from './log-entries.ts';
import type { LogEntry } from './log-entry.ts';

/** One message of the feed: an event of the history, or a line of the log. */
export type FeedMessage = { readonly id: string } & (
  | { readonly type: 'history'; readonly event: HistoryEvent }
  | { readonly type: 'log'; readonly entry: LogEntry }
);

/** The messages that a reader missed: those that the feed sent after the message with the ID that the reader names. */
interface Missed {
  readonly messages: readonly FeedMessage[];
  /**
   * True if `messages` may be incomplete: the feed no longer keeps the message with the ID of the reader, or that ID is from
   * another run of the lab.
   */
  readonly hasGap: boolean;
}

/** The events of a lab as they happen. Log, event streams and live page subscribe to this feed. */
export class EventFeed {
  readonly #subscribers = new Set<(message: FeedMessage) => void>();
  readonly #entries = new LogEntries((entry) => this.#send({ type: 'log', entry, id: this.#nextId() }));
  /** Part of each ID, so that an ID of an earlier run of the lab is recognised. */
  readonly #run = freshKey(4).toString('hex');
  #count = 0;
  /** The newest messages, which the feed keeps for readers. The oldest of them is first. */
  #kept: FeedMessage[] = [];

  /** Sends to all readers an event of the history, and makes its log entry. */
  take(event: HistoryEvent): void {
    this.#send({ type: 'history', event, id: this.#nextId() });
    this.#entries.add(event);
  }

  /** Calls `read` with each message that the feed sends from now on. Returns a function that ends the subscription. */
  subscribe(read: (message: FeedMessage) => void): () => void {
    this.#subscribers.add(read);
    return () => this.#subscribers.delete(read);
  }

  /** Returns the kept messages that follow the message with this ID. For the ID `0`, returns all kept messages. */
  after(id: string): Missed {
    if (id === '0') return { messages: this.#kept, hasGap: false };
    const at = this.#kept.findIndex((message) => message.id === id);
    return at < 0 ? { messages: this.#kept, hasGap: true } : { messages: this.#kept.slice(at + 1), hasGap: false };
  }

  /** Sends all log entries that still wait. An entry waits until its transport is known; here it goes out without a transport. */
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

/** The feed keeps at least this number of messages. A reader that lost its connection can read them later. */
const keptLimit = 1000;
