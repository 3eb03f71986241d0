import type { Sender } from 'rhea';
import type { AmqpOutgoing } from '../amqp-outlet.ts';

/**
 * Sends settled deliveries over one link, as fast as the client gives credit. Event Hubs expects no outcome for an event, and the Python
 * client (`azure-eventhub` 5) sends none, so unsettled deliveries would fill the window of its session.
 */
export class SettledOutlet {
  readonly #link: PacedLink & Sender;
  readonly #onRoom: () => void;
  #held: readonly AmqpOutgoing[] = [];
  /** Passed to rhea, which counts them against the credit in the next turn only. */
  #sent = 0;
  #isAttached = false;

  /** @param onRoom called when there is credit for more than the queued messages. */
  constructor(link: Sender, onRoom: () => void) {
    this.#link = link as PacedLink & Sender;
    this.#onRoom = onRoom;
    link.on('sender_flow', () => this.#flow());
    // If an attach and a message fall in the same turn, rhea writes the message before the attach frame.
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

  /** Sends now, or as soon as there is credit. Returns the number of messages that wait for credit. */
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

/** Members of a rhea sender that its types do not declare. */
interface PacedLink {
  readonly credit: number;
  readonly delivery_count: number;
}
