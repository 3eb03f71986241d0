import type { Delivery, Sender } from 'rhea';
import type { Settlement } from '../../hub/messages/message-queue.ts';

/** A message as rhea writes it. */
export type AmqpOutgoing = Readonly<Record<string, unknown>>;

/**
 * Sends over one link as fast as its receiver gives credit. rhea would take more, and then one link without credit holds up
 * every other of the session.
 */
export class AmqpOutlet {
  readonly #link: PacedLink;
  readonly #onOverflow: () => void;
  readonly #onRoom: () => void;
  readonly #unsettled = new Map<Delivery, (settlement: Settlement) => void>();
  #held: readonly AmqpOutgoing[] = [];
  #sent = 0;
  #isAttached = false;

  /**
   * @param onRoom there is credit for more than what was held back.
   * @param onOverflow the receiver gives no credit while more and more is for it.
   */
  constructor(link: Sender, { onRoom, onOverflow }: { readonly onRoom: () => void; readonly onOverflow: () => void }) {
    this.#link = link as unknown as PacedLink;
    this.#onRoom = onRoom;
    this.#onOverflow = onOverflow;
    // rhea writes what is sent in front of the attach frame where both come up in the same turn.
    setImmediate(() => {
      this.#isAttached = true;
      this.#flow();
    });
    link.on('sender_flow', () => this.#flow());
    link.on('accepted', ({ delivery }) => this.#settle(delivery, 'complete'));
    link.on('released', ({ delivery }) => this.#settle(delivery, 'abandon'));
    link.on('rejected', ({ delivery }) => this.#settle(delivery, 'reject'));
    // Settled without an outcome: taken (AMQP 1.0 3.5.3, default-outcome left out).
    link.on('settled', ({ delivery }) => this.#settle(delivery, 'complete'));
  }

  isOpen(): boolean {
    return this.#link.is_open();
  }

  hasRoom(): boolean {
    return this.isOpen() && this.#held.length === 0 && this.#isSendable();
  }

  /**
   * Sends now, where `hasRoom`. @param settled what becomes of it; `abandon` too when the link goes. Over a link whose
   * client asked for settled deliveries it is complete as soon as it is sent (AMQP 1.0 2.8.2).
   */
  send(message: AmqpOutgoing, tag: Buffer, settled: (settlement: Settlement) => void): void {
    const delivery = this.#write(message, tag);
    if (this.#link.local.attach.snd_settle_mode === settledMode) queueMicrotask(() => settled('complete'));
    else this.#unsettled.set(delivery, settled);
  }

  /** Sends now or as soon as there is credit. */
  post(message: AmqpOutgoing): void {
    if (this.hasRoom()) {
      this.#write(message);
    } else if (this.isOpen()) {
      this.#held = [...this.#held, message];
      if (this.#held.length > heldLimit) this.#onOverflow();
    }
  }

  /** The link is gone: what was not settled comes back. */
  shut(): void {
    const unsettled = [...this.#unsettled.values()];
    this.#unsettled.clear();
    this.#held = [];
    for (const settled of unsettled) settled('abandon');
  }

  #isSendable(): boolean {
    // What was handed over in this turn is not counted against the credit before the next.
    const pending = Math.max(this.#sent - this.#link.delivery_count, 0);
    return this.#isAttached && this.#link.sendable() && this.#link.credit > pending;
  }

  #write(message: AmqpOutgoing, tag?: Buffer): Delivery {
    this.#sent++;
    return this.#link.send(message, tag);
  }

  #flow(): void {
    while (this.#held.length > 0 && this.#isSendable()) {
      const [first, ...rest] = this.#held;
      this.#held = rest;
      if (first !== undefined) this.#write(first);
    }
    if (this.hasRoom()) this.#onRoom();
  }

  #settle(delivery: Delivery | undefined, settlement: Settlement): void {
    if (delivery === undefined) return;
    const settled = this.#unsettled.get(delivery);
    this.#unsettled.delete(delivery);
    // Whoever settles second is waiting for us to settle first.
    if (!delivery.remote_settled) delivery.update(true);
    settled?.(settlement);
  }
}

/** What rhea keeps of a link to a client beside its typed interface. */
interface PacedLink {
  readonly credit: number;
  readonly delivery_count: number;
  readonly local: { readonly attach: { readonly snd_settle_mode?: number } };
  is_open(): boolean;
  sendable(): boolean;
  send(message: AmqpOutgoing, tag?: Buffer): Delivery;
}

const heldLimit = 200;
const settledMode = 1;
