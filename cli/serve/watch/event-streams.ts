import type { ServerResponse } from 'node:http';
import { afterRealTime } from '../../../core/time/clock.ts';
import { eventJson } from './event-json.ts';
import type { EventFeed, FeedMessage } from './event-feed.ts';

/**
 * Sends the messages of a feed as server-sent events (WHATWG HTML, 9.2). A comment every 15 seconds keeps the connection alive. A reader that
 * leaves more than 1 MiB unread is disconnected with a sentence.
 */
export class EventStreams {
  readonly #feed: EventFeed;
  readonly #warn: (sentence: string) => void;
  #open = 0;

  constructor(feed: EventFeed, warn: (sentence: string) => void) {
    this.#feed = feed;
    this.#warn = warn;
  }

  /** Returns true if no further stream can be opened. */
  isFull(): boolean {
    return this.#open >= streamLimit;
  }

  /**
   * @param lastEventId header `Last-Event-ID`; if undefined, the stream starts with the next event; `0` starts it with the oldest event
   *   that the feed keeps.
   */
  open(response: ServerResponse, lastEventId: string | undefined): void {
    this.#open += 1;
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    response.write(': the events of the lab\n\n');
    const unsubscribe = this.#feed.subscribe((message) => this.#send(response, frameOf(message), stop));
    let isOpen = true;
    const stop = (): void => {
      if (!isOpen) return;
      isOpen = false;
      this.#open -= 1;
      unsubscribe();
    };
    response.on('close', stop);
    const { messages, hasGap } = lastEventId === undefined ? nothing : this.#feed.after(lastEventId);
    if (hasGap) response.write(frame('gap', { sentence: gapSentence }));
    response.write(messages.map(frameOf).join(''));
    const beat = (): void => {
      if (!isOpen) return;
      response.write(': still here\n\n');
      afterRealTime(heartbeatMs, beat);
    };
    afterRealTime(heartbeatMs, beat);
  }

  #send(response: ServerResponse, text: string, stop: () => void): void {
    response.write(text);
    if (response.writableLength <= unreadLimit) return;
    stop();
    this.#warn(`an event stream was ended: ${slowSentence}`);
    response.end(frame('end', { sentence: slowSentence }));
    afterRealTime(lastReadMs, () => response.destroy());
  }
}

const nothing = { messages: [], hasGap: false };

const gapSentence =
  'some events after Last-Event-ID are missing, because they are too old or the lab was restarted; GET /history has more events';
const slowSentence = 'the reader left more than 1 MiB unread; connect again with Last-Event-ID';

/** Maximum number of open streams. */
const streamLimit = 32;
/** Maximum number of octets that a reader leaves unread. All events that the feed keeps for a new reader need fewer octets. */
const unreadLimit = 1024 * 1024;
const heartbeatMs = 15_000;
/** Real milliseconds that a slow reader has to read the rest of a stream that was ended. */
const lastReadMs = 5000;

function frameOf(message: FeedMessage): string {
  const data = message.type === 'history' ? eventJson(message.event) : message.entry;
  return frame(message.type, data, message.id);
}

function frame(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
