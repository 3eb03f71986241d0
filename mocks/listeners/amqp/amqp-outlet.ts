import type { Delivery, Sender } from 'rhea';
import type { Settlement } from '../../hub/messages/message-queue.ts';

/** A message in the form in which rhea sends it. */
export type AmqpOutgoing = Readonly<Record<string, unknown>>;

/**
 * Sends messages over one link as fast as its receiver gives credit. Passes only messages with credit to rhea.
 * Otherwise one link without credit would block all other links of the session.
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
   * @param onRoom the outlet calls it when the receiver has given credit for more messages than are queued.
   * @param onOverflow the outlet calls it when the receiver gives no credit and the queue is full.
   */
  constructor(link: Sender, { onRoom, onOverflow }: { readonly onRoom: () => void; readonly onOverflow: () => void }) {
    this.#link = link as unknown as PacedLink;
    this.#onRoom = onRoom;
    this.#onOverflow = onOverflow;
    // Sending starts in the next turn of the event loop. In the turn of the attach, rhea would write the message before the
    // attach frame.
    setImmediate(() => {
      this.#isAttached = true;
      this.#flow();
    });
    link.on('sender_flow', () => this.#flow());
    link.on('accepted', ({ delivery }) => this.#settle(delivery, 'complete'));
    link.on('released', ({ delivery }) => this.#settle(delivery, 'abandon'));
    link.on('rejected', ({ delivery }) => this.#settle(delivery, 'reject'));
    // A delivery that the client settles without an outcome counts as accepted (AMQP 1.0 3.5.3, default-outcome
    // omitted).
    link.on('settled', ({ delivery }) => this.#settle(delivery, 'complete'));
  }

  isOpen(): boolean {
    return this.#link.is_open();
  }

  hasRoom(): boolean {
    return this.isOpen() && this.#held.length === 0 && this.#isSendable();
  }

  /**
   * Sends now. Call it only if `hasRoom` is true.
   *
   * @param settled the outlet calls it with the settlement of the client, or with `abandon` if the link ends first. If
   * the client requested settled deliveries, the outlet calls it with `complete` after sending (AMQP 1.0 2.8.2).
   */
  send(message: AmqpOutgoing, tag: Buffer, settled: (settlement: Settlement) => void): void {
    const delivery = this.#write(message, tag);
    if (this.#link.local.attach.snd_settle_mode === settledMode) queueMicrotask(() => settled('complete'));
    else this.#unsettled.set(delivery, settled);
  }

  /** Sends a message now, or as soon as there is credit. */
  post(message: AmqpOutgoing): void {
    if (this.hasRoom()) {
      this.#write(message);
    } else if (this.isOpen()) {
      this.#held = [...this.#held, message];
      if (this.#held.length > heldLimit) this.#onOverflow();
    }
  }

  /** Stops sending. Unsettled deliveries count as abandoned. */
  close(): void {
    const unsettled = [...this.#unsettled.values()];
    this.#unsettled.clear();
    this.#held = [];
    for (const settled of unsettled) settled('abandon');
  }

  #isSendable(): boolean {
    // rhea subtracts the deliveries of this turn from the credit only in the next turn.
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
    // In receiver-settle mode "second", the receiver waits until the sender has settled, so the sender settles here.
    if (!delivery.remote_settled) delivery.update(true);
    settled?.(settlement);
  }
}

/** Members of a rhea sender that the types of rhea do not declare. */
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
