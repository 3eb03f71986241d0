import type { HistoryEvent } from '../../../core/history/events.ts';
import { LogEntries } from './log-entries.ts';
import type { LogEntry } from './log-entry.ts';

/** One message of the feed: an event of the history, or a line of the log. */
export type FeedMessage =
  | { readonly type: 'history'; readonly event: HistoryEvent }
  | { readonly type: 'log'; readonly entry: LogEntry };

/** The events of a lab as they happen. Log and live page subscribe to it. */
export class EventFeed {
  readonly #subscribers = new Set<(message: FeedMessage) => void>();
  readonly #entries = new LogEntries((entry) => this.#send({ type: 'log', entry }));

  /** Takes an event that the history recorded. */
  take(event: HistoryEvent): void {
    this.#send({ type: 'history', event });
    this.#entries.add(event);
  }

  /** Calls `read` with each later message. Returns a function that ends the subscription. */
  subscribe(read: (message: FeedMessage) => void): () => void {
    this.#subscribers.add(read);
    return () => this.#subscribers.delete(read);
  }

  /** Sends the log entries that wait for their transport. */
  flush(): void {
    this.#entries.flush();
  }

  #send(message: FeedMessage): void {
    for (const read of this.#subscribers) read(message);
  }
}
