import rhea, { type Sender } from 'rhea';
import type { ServiceBatch, ServiceQueue } from '../../../hub/service-side/service-queue.ts';
import { AmqpOutlet, type AmqpOutgoing } from '../amqp-outlet.ts';

interface Parts<Item> {
  readonly queue: ServiceQueue<Item>;
  /** A batch as it goes over the wire. */
  readonly write: (batch: ServiceBatch<Item>) => AmqpOutgoing;
  /** Called before the queue is looked at. */
  readonly prepare: () => void;
  /** The client reads nothing of what it asked for. */
  readonly overflow: () => void;
}

/** The links over which a client of the service side listens to one queue. */
export class ServiceOutlets<Item> {
  readonly #parts: Parts<Item>;
  #outlets: readonly AmqpOutlet[] = [];
  #stopListening: (() => void) | undefined;

  constructor(parts: Parts<Item>) {
    this.#parts = parts;
  }

  attach(link: Sender): void {
    const outlet = new AmqpOutlet(link, {
      onRoom: () => this.#drain(),
      onOverflow: () => this.#parts.overflow(),
    });
    this.#outlets = [...this.#outlets, outlet];
    this.#stopListening ??= this.#parts.queue.listen(() => this.#drain());
  }

  /** Forgets links that are gone. What they had not settled comes back. */
  prune(): void {
    this.#keep(this.#outlets.filter((outlet) => outlet.isOpen()));
  }

  ended(): void {
    this.#keep([]);
  }

  #keep(kept: readonly AmqpOutlet[]): void {
    const gone = this.#outlets.filter((outlet) => !kept.includes(outlet));
    this.#outlets = kept;
    if (kept.length === 0) {
      this.#stopListening?.();
      this.#stopListening = undefined;
    }
    for (const outlet of gone) outlet.shut();
  }

  #drain(): void {
    const { queue, write, prepare } = this.#parts;
    prepare();
    for (const outlet of this.#outlets) {
      while (outlet.hasRoom()) {
        const batch = queue.take();
        if (batch === undefined) return;
        outlet.send(write(batch), rhea.string_to_uuid(batch.lockToken), (settlement) =>
          queue.settle(batch.lockToken, settlement),
        );
      }
    }
  }
}
