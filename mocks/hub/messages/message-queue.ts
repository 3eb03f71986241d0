import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import { hubProblems, type HubProblem } from '../hub-problems.ts';
import type { MessageFate } from '../service-side/feedback-record.ts';
import { messageSize, type HubMessage } from './hub-message.ts';

/** A message to a device that is queued or delivered but not settled. */
export interface QueuedMessage extends HubMessage {
  readonly sequenceNumber: number;
  readonly enqueuedAt: Millis;
  /** Number of deliveries to the device. */
  readonly deliveries: number;
  /**
   * Number of times that the device abandoned the message. The number does not grow when a lock expires or a connection closes.
   */
  readonly deliveryCount: number;
  /** ID of the last delivery; empty before the first delivery. */
  readonly lockToken: string;
}

/** The ways to settle a delivered message: complete it, return it to the queue, or reject it. */
export type Settlement = 'complete' | 'abandon' | 'reject';

/** A delivered message, and the instant until which it can be settled. */
interface LockedMessage {
  readonly message: QueuedMessage;
  readonly until: Millis;
}

/**
 * The messages to one device, oldest first. The queue drops a message if the message expires or the device abandons it
 * ten times.
 */
export class MessageQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onFate: (message: QueuedMessage, fate: MessageFate) => void;
  #waiting: readonly QueuedMessage[] = [];
  #locked: readonly LockedMessage[] = [];
  #sequence = 0;

  /** @param onFate the queue calls it when a message leaves the queue and does not return. */
  constructor(clock: Clock, random: Random, onFate: (message: QueuedMessage, fate: MessageFate) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#onFate = onFate;
  }

  /** Number of messages in the queue, including messages that are delivered but not settled. */
  get length(): number {
    this.#tidy();
    return this.#waiting.length + this.#locked.length;
  }

  /** Adds a message. Returns the problem if the queue is full or the message is too large. */
  enqueue(message: HubMessage): HubProblem | undefined {
    if (messageSize(message) > sizeLimitBytes) return hubProblems.messageTooLarge;
    if (this.length >= queueLimit) return hubProblems.queueFull;
    const enqueuedAt = this.#clock.now();
    const expiresAt = Math.min(message.expiresAt ?? enqueuedAt + defaultTtlMs, enqueuedAt + longestTtlMs);
    const sequenceNumber = ++this.#sequence;
    this.#waiting = [
      ...this.#waiting,
      { ...message, expiresAt, sequenceNumber, enqueuedAt, deliveries: 0, deliveryCount: 0, lockToken: '' },
    ];
    return undefined;
  }

  /**
   * Delivers the oldest message and locks it. If the receiver does not settle the message within `lockMs`, the message
   * returns to the queue.
   *
   * @param lockMs milliseconds by the clock of the queue. Default: no limit.
   */
  take(lockMs = Infinity): QueuedMessage | undefined {
    this.#tidy();
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return undefined;
    const taken = { ...first, deliveries: first.deliveries + 1, lockToken: this.#random.uuid() };
    this.#waiting = rest;
    this.#locked = [...this.#locked, { message: taken, until: this.#clock.now() + lockMs }];
    return taken;
  }

  /** Settles a delivery. Returns false if the lock token is unknown or expired. */
  settle(lockToken: string, settlement: Settlement): boolean {
    this.#tidy();
    const found = this.#locked.find(({ message }) => message.lockToken === lockToken);
    if (found === undefined) return false;
    if (settlement === 'abandon') {
      this.#return((locked) => locked === found, 1);
      return true;
    }
    this.#locked = this.#locked.filter((locked) => locked !== found);
    this.#onFate(found.message, settlement === 'complete' ? 'Success' : 'Rejected');
    return true;
  }

  /** Returns all unsettled messages to the queue, because their connection has ended. */
  returnAll(): void {
    this.#return(() => true);
  }

  /** Removes all messages. Returns their number. */
  purge(): number {
    const count = this.length;
    const purged = [...this.#waiting, ...this.#locked.map(({ message }) => message)];
    this.#waiting = [];
    this.#locked = [];
    for (const message of purged) this.#onFate(message, 'Purged');
    return count;
  }

  /**
   * Returns the selected messages to the queue.
   *
   * @param counted number that the method adds to the delivery count of each message.
   */
  #return(which: (message: LockedMessage) => boolean, counted: 0 | 1 = 0): void {
    const back = this.#locked
      .filter(which)
      .map(({ message }) => ({ ...message, deliveryCount: message.deliveryCount + counted }));
    this.#locked = this.#locked.filter((locked) => !which(locked));
    const [again, gone] = split(back, ({ deliveryCount }) => deliveryCount < deliveryLimit);
    this.#waiting = [...this.#waiting, ...again].toSorted((one, other) => one.sequenceNumber - other.sequenceNumber);
    for (const message of gone) this.#onFate(message, 'DeliveryCountExceeded');
  }

  #tidy(): void {
    const now = this.#clock.now();
    this.#return(({ until }) => until <= now);
    const [alive, expired] = split(this.#waiting, ({ expiresAt }) => (expiresAt ?? Infinity) > now);
    this.#waiting = alive;
    for (const message of expired) this.#onFate(message, 'Expired');
  }
}

/** Splits a list into the items that fulfil a condition and the other items. */
function split<Item>(items: readonly Item[], fits: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

const queueLimit = 50;
const sizeLimitBytes = 64 * 1024;
/**
 * The defaults of a hub: a message lives one hour (at most two days). The hub drops a message after the device has abandoned the message
 * ten times.
 */
const defaultTtlMs = 3_600_000;
const longestTtlMs = 48 * 3_600_000;
const deliveryLimit = 10;
