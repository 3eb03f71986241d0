import type { Sender } from 'rhea';
import { defined } from '../../../../core/defined.ts';
import type { EventLog } from '../../../event-hub/event-log.ts';
import type { PartitionReader } from '../../../event-hub/partition-readers.ts';
import type { Hub } from '../../../hub/hub.ts';
import { eventHubError, type EventHubRefusal } from './event-hub-error.ts';
import { SettledOutlet } from './settled-outlet.ts';
import { trackedProperties, writeEvent } from './write-event.ts';

interface OutletParts {
  readonly hub: Hub;
  readonly partition: EventLog;
  readonly link: Sender;
  readonly name: string;
  readonly ownerLevel: number | undefined;
  /** Sequence number of the first event that the outlet sends. */
  readonly start: number;
  /** True if each sent event also contains the position of the end of the partition. */
  readonly isTracking: boolean;
  /** Returns the refusal if the client may no longer read; otherwise undefined. */
  refusal(): EventHubRefusal | undefined;
  /** Calls `then` in a later turn of the event loop, after the connection has sent its buffered data. */
  drained(then: () => void): void;
  /** Handles the end of a reader whose link was detached. */
  left(reader: PartitionOutlet): void;
}

/** Sends the events of one partition over one link, in order, as fast as the client gives credit and reads. */
export class PartitionOutlet implements PartitionReader {
  readonly name: string;
  readonly ownerLevel: number | undefined;
  readonly link: Sender;
  readonly #parts: OutletParts;
  #outlet: SettledOutlet | undefined;
  #stopListening: () => void = () => {};
  #next: number;
  /** True while the outlet waits until the connection has sent its buffered data. False while it waits for credit. */
  #isPaused = false;
  #hasEnded = false;

  constructor(parts: OutletParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.ownerLevel = parts.ownerLevel;
    this.link = parts.link;
    this.#next = parts.start;
  }

  /** Starts sending. Call this method after the partition has accepted the reader. */
  start(): void {
    const { link, partition } = this.#parts;
    this.#stopListening = partition.listen(() => this.#pump());
    this.#outlet = new SettledOutlet(link, () => this.#pump());
  }

  displaced(sentence: string): void {
    this.#close({ condition: 'amqp:link:stolen', sentence });
  }

  /** Ends the reader. A second call does nothing. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopListening();
    this.#parts.left(this);
  }

  #pump(): void {
    const { hub, partition, isTracking } = this.#parts;
    if (this.#hasEnded || this.#isPaused) return;
    for (let bytes = 0; bytes < burstBytes;) {
      const event = this.#outlet?.hasRoom() === true ? partition.at(this.#next) : undefined;
      if (event === undefined) return;
      const refusal = this.#parts.refusal();
      if (refusal !== undefined) return this.#close(refusal);
      const tracked = isTracking ? trackedProperties(partition.properties(), hub.now()) : undefined;
      this.#outlet?.post({ ...writeEvent(event), ...defined({ delivery_annotations: tracked }) });
      this.#next = event.sequenceNumber + 1;
      bytes += event.size;
    }
    // The listener closes a connection with too much unread data, so the next events wait until the connection has sent
    // these events.
    this.#isPaused = true;
    this.#parts.drained(() => {
      this.#isPaused = false;
      this.#pump();
    });
  }

  #close(refusal: Pick<EventHubRefusal, 'condition' | 'sentence'>): void {
    const { link, hub } = this.#parts;
    if (link.is_open()) link.close(eventHubError(refusal, hub));
    this.end();
  }
}

/** Maximum number of bytes of events that the outlet writes in one turn of the event loop. */
const burstBytes = 128 * 1024;
