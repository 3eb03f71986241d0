import type { Sender } from 'rhea';
import type { AmqpOutgoing } from '../amqp-outlet.ts';

/**
 * Sends settled deliveries over one link, as fast as the client gives credit. Event Hubs does not wait for the outcome of an
 * event. The Python client (`azure-eventhub` 5) sends no outcome, so unsettled deliveries would fill the window of its session.
 */
export class SettledOutlet {
  readonly #link: PacedLink & Sender;
  readonly #onRoom: () => void;
  #held: readonly AmqpOutgoing[] = [];
  /** Number of messages passed to rhea. rhea subtracts them from the credit only in the next turn. */
  #sent = 0;
  #isAttached = false;

  /** @param onRoom the outlet calls it when the receiver has given credit for more messages than are queued. */
  constructor(link: Sender, onRoom: () => void) {
    this.#link = link as PacedLink & Sender;
    this.#onRoom = onRoom;
    link.on('sender_flow', () => this.#flow());
    // Sending starts in the next turn of the event loop. In the turn of the attach, rhea would write the message before the
    // attach frame.
    setImmediate(() => {
      this.#isAttached = true;
      this.#flow();
    });
  }

  isOpen(): boolean {
    return this.#link.is_open();
  }

  hasRoom(): boolean {
    return this.isOpen() && this.#held.length === 0 && this.#isSendable();
  }

  /** Sends a message now, or as soon as there is credit. Returns the number of messages that wait for credit. */
  post(message: AmqpOutgoing): number {
    if (!this.isOpen()) return 0;
    this.#held = [...this.#held, message];
    this.#write();
    return this.#held.length;
  }

  #flow(): void {
    this.#write();
    if (this.hasRoom()) this.#onRoom();
  }

  #write(): void {
    while (this.#held.length > 0 && this.isOpen() && this.#isSendable()) {
      const [first, ...rest] = this.#held;
      this.#held = rest;
      this.#sent++;
      (this.#link.send(first as never) as unknown as { settled: boolean }).settled = true;
    }
  }

  #isSendable(): boolean {
    const pending = Math.max(this.#sent - this.#link.delivery_count, 0);
    return this.#isAttached && this.#link.sendable() && this.#link.credit > pending;
  }
}

/** Members of a rhea sender that the types of rhea do not declare. */
interface PacedLink {
  readonly credit: number;
  readonly delivery_count: number;
}
