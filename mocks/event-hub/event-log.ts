import { failedWith, succeeded, type Result } from '../../core/result.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';
import type { EntryChange, StorePart } from '../../core/cloud/snapshot.ts';
import { messageSize, type Telemetry } from '../hub/messages/hub-message.ts';
import type { EventPosition } from './event-position.ts';
import type { StoredEvent } from './stored-event.ts';

/** The properties of a partition that a client can request. */
export interface PartitionProperties {
  /**
   * Sequence number of the oldest retained event; in an empty partition, the sequence number that the next event will
   * get.
   */
  readonly beginningSequenceNumber: number;
  /** Sequence number of the last event; -1 if the partition never had an event. */
  readonly lastSequenceNumber: number;
  /** Offset of the last event; -1 if the partition never had an event. */
  readonly lastOffset: number;
  /** Enqueue time of the last event; 0 if the partition never had an event. */
  readonly lastEnqueuedAt: Millis;
  readonly isEmpty: boolean;
}

/** The retention limits of a partition. */
export interface EventRetention {
  /** Retention time: milliseconds by the clock of the service. */
  readonly forMs: Millis;
  /** Maximum number of bytes of all events in one partition. */
  readonly bytes: number;
}

/** The saved form of a partition. */
export interface SavedPartition {
  readonly next: Pick<StoredEvent, 'sequenceNumber' | 'offset'>;
  readonly last: { readonly offset: number; readonly enqueuedAt: Millis };
  readonly events: readonly SavedEvent[];
}

/**
 * Failure for a position beyond the last event. `last` is the number or offset of the last event; -1 if the partition never had
 * one.
 */
interface BeyondEnd {
  readonly last: number;
}

type SavedEvent = Omit<StoredEvent, 'message'> & { readonly message: SavedMessage };

type SavedMessage = Omit<Telemetry, 'properties'> & { readonly properties: readonly (readonly [string, string])[] };

/**
 * One partition of an event hub: events in the order of arrival. Reading does not remove events. The partition drops
 * its oldest events when they are older than the retention time, or when it is full.
 */
export class EventLog implements StorePart {
  readonly #clock: Clock;
  readonly #retention: EventRetention;
  readonly #onTrim: (count: number) => void;
  readonly #listeners = new Set<() => void>();
  /**
   * Events before index `#start` are no longer part of the partition. The array gets shorter only occasionally, so that
   * an append takes constant time.
   */
  #events: StoredEvent[] = [];
  #start = 0;
  #bytes = 0;
  #next = { sequenceNumber: 0, offset: 0 };
  #last = { offset: -1, enqueuedAt: 0 };
  #onChange: ((key: string, change: EntryChange) => void) | undefined;

  /** @param onTrim receives the number of events that a full partition drops. */
  constructor(clock: Clock, retention: EventRetention, onTrim: (count: number) => void) {
    this.#clock = clock;
    this.#retention = retention;
    this.#onTrim = onTrim;
  }

  append(message: Telemetry): StoredEvent {
    const size = messageSize(message) + overheadBytes;
    const event: StoredEvent = { ...this.#next, enqueuedAt: message.enqueuedAt, size, message };
    this.#add(event);
    this.#onChange?.(String(event.sequenceNumber), 'added');
    for (const listener of this.#listeners) listener();
    return event;
  }

  /** Calls `listener` after each new event. @returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Returns the first retained event whose sequence number is at least `sequenceNumber`; undefined if no such event has arrived
   * yet.
   */
  at(sequenceNumber: number): StoredEvent | undefined {
    this.#expire();
    const oldest = this.#events[this.#start]?.sequenceNumber ?? this.#next.sequenceNumber;
    return this.#events[this.#start + Math.max(sequenceNumber - oldest, 0)];
  }

  /**
   * Returns the sequence number at which a reader starts.
   *
   * Fails if the position names a number that no event has yet.
   */
  resolve(position: EventPosition): Result<number, BeyondEnd> {
    this.#expire();
    const next = this.#next.sequenceNumber;
    switch (position.by) {
      case 'earliest':
        return succeeded(this.properties().beginningSequenceNumber);
      case 'latest':
        return succeeded(next);
      case 'sequenceNumber':
        if (position.value > next) return failedWith({ last: next - 1 });
        return succeeded(position.isInclusive ? position.value : position.value + 1);
      case 'offset':
        if (position.value > this.#next.offset) return failedWith({ last: this.#last.offset });
        return succeeded(this.#firstWhere((event) => isBehind(event.offset, position)) ?? next);
      case 'enqueuedTime':
        return succeeded(this.#firstWhere((event) => isBehind(event.enqueuedAt, position)) ?? next);
    }
  }

  properties(): PartitionProperties {
    this.#expire();
    const oldest = this.#events[this.#start];
    return {
      beginningSequenceNumber: oldest?.sequenceNumber ?? this.#next.sequenceNumber,
      lastSequenceNumber: this.#next.sequenceNumber - 1,
      lastOffset: this.#last.offset,
      lastEnqueuedAt: this.#last.enqueuedAt,
      isEmpty: oldest === undefined,
    };
  }

  /** Returns all retained events, oldest first. */
  retained(): readonly StoredEvent[] {
    this.#expire();
    return this.#events.slice(this.#start);
  }

  /** @param bytes maximum number of bytes of saved events. The newest events have priority. */
  save(bytes: number): SavedPartition {
    const retained = this.retained();
    let first = retained.length;
    for (let left = bytes; first > 0; first--) {
      left -= retained[first - 1]?.size ?? 0;
      if (left < 0) break;
    }
    return { next: this.#next, last: this.#last, events: retained.slice(first).map(toSaved) };
  }

  load({ next, last, events }: SavedPartition): void {
    this.#events = events.map(fromSaved);
    this.#start = 0;
    this.#bytes = this.#events.reduce((sum, { size }) => sum + size, 0);
    this.#next = next;
    this.#last = last;
  }

  /**
   * Reports only new events. Dropped events need no report, because the same retention rules drop them again after a restart.
   */
  watch(onChange: (key: string, change: EntryChange) => void): void {
    this.#onChange = onChange;
  }

  saveEntry(key: string): SavedEvent | undefined {
    const event = this.at(Number(key));
    return event?.sequenceNumber === Number(key) ? toSaved(event) : undefined;
  }

  /**
   * Adds a saved event. Saved events come in order, but events that the partition dropped before it could save them are
   * missing.
   */
  loadEntry(_key: string, saved: unknown): void {
    if (saved !== undefined) this.#add(fromSaved(saved as SavedEvent));
  }

  #add(event: StoredEvent): void {
    const { sequenceNumber, offset, size, enqueuedAt } = event;
    this.#events.push(event);
    this.#bytes += size;
    this.#next = { sequenceNumber: sequenceNumber + 1, offset: offset + size };
    this.#last = { offset, enqueuedAt };
    this.#expire();
    this.#trim();
  }

  /**
   * Returns the sequence number of the first retained event after a position. All later events are also after it, because
   * offsets and sequence numbers only grow; times also grow if the clock does not go back.
   */
  #firstWhere(isAfter: (event: StoredEvent) => boolean): number | undefined {
    return this.#events.slice(this.#start).find(isAfter)?.sequenceNumber;
  }

  #expire(): void {
    const oldestKept = this.#clock.now() - this.#retention.forMs;
    while ((this.#events[this.#start]?.enqueuedAt ?? Infinity) < oldestKept) this.#drop();
    this.#cut();
  }

  #trim(): void {
    let count = 0;
    for (; this.#bytes > this.#retention.bytes; count++) this.#drop();
    if (count > 0) this.#onTrim(count);
    this.#cut();
  }

  #drop(): void {
    this.#bytes -= this.#events[this.#start]?.size ?? 0;
    this.#start++;
  }

  /** Frees the memory of dropped events when they fill half of the array. */
  #cut(): void {
    if (this.#start * 2 <= this.#events.length) return;
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}

function toSaved({ message, ...event }: StoredEvent): SavedEvent {
  return { ...event, message: { ...message, properties: [...message.properties] } };
}

function fromSaved({ message, ...event }: SavedEvent): StoredEvent {
  return { ...event, message: { ...message, properties: new Map(message.properties) } };
}

/**
 * Number of bytes that an event needs for its system properties and its frame. The real service counts about the same
 * number.
 */
const overheadBytes = 400;

function isBehind(
  found: number,
  { value, isInclusive }: { readonly value: number; readonly isInclusive: boolean },
): boolean {
  return isInclusive ? found >= value : found > value;
}
