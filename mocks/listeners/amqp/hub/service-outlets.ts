import rhea, { type Sender } from 'rhea';
import type { ServiceBatch, ServiceQueue } from '../../../hub/service-side/service-queue.ts';
import { AmqpOutlet, type AmqpOutgoing } from '../amqp-outlet.ts';

interface Parts<Item> {
  readonly queue: ServiceQueue<Item>;
  /** Converts a batch of records to an AMQP message. */
  readonly write: (batch: ServiceBatch<Item>) => AmqpOutgoing;
  /** Prepares the queue before the outlets read it. */
  readonly prepare: () => void;
  /** Handles a client that does not read the messages to which it subscribed. */
  readonly overflow: () => void;
}

/** The links over which a client of the service side reads one queue. */
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

  /** Forgets closed links. Unsettled messages of these links return to the queue. */
  prune(): void {
    this.#retain(this.#outlets.filter((outlet) => outlet.isOpen()));
  }

  ended(): void {
    this.#retain([]);
  }

  #retain(open: readonly AmqpOutlet[]): void {
    const gone = this.#outlets.filter((outlet) => !open.includes(outlet));
    this.#outlets = open;
    if (open.length === 0) {
      this.#stopListening?.();
      this.#stopListening = undefined;
    }
    for (const outlet of gone) outlet.close();
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
