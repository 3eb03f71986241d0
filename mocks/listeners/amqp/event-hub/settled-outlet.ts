import type { Sender } from 'rhea';
import type { AmqpOutgoing } from '../amqp-outlet.ts';

/**
 * Sends over one link, settled at once, as fast as the client gives credit. Event Hubs expects no answer to an event, and the
 * Python client (`azure-eventhub` 5) gives none to anything: unsettled deliveries would fill the window of its session.
 */
export class SettledOutlet {
  readonly #link: PacedLink & Sender;
  readonly #onRoom: () => void;
  #held: readonly AmqpOutgoing[] = [];
  /** Handed to rhea, which counts them against the credit in the next turn only. */
  #sent = 0;
  #isAttached = false;

  /** @param onRoom is called when there is credit for more than what was held back. */
  constructor(link: Sender, onRoom: () => void) {
    this.#link = link as PacedLink & Sender;
    this.#onRoom = onRoom;
    link.on('sender_flow', () => this.#flow());
    // rhea writes what is sent in front of the attach frame where both come up in the same turn.
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

  /** Sends now or as soon as there is credit. @returns how many messages wait for credit. */
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

/** What rhea keeps of a link beside its typed interface. */
interface PacedLink {
  readonly credit: number;
  readonly delivery_count: number;
}
