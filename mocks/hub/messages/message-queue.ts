import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import { hubProblems, type HubProblem } from '../hub-problems.ts';
import type { MessageFate } from '../service-side/feedback-record.ts';
import { messageSize, type HubMessage } from './hub-message.ts';

/** A message to a device while it waits or is out for delivery. */
export interface QueuedMessage extends HubMessage {
  readonly sequenceNumber: number;
  readonly enqueuedAt: Millis;
  /** How often it was handed to the device. */
  readonly handOuts: number;
  /** How often the device has abandoned it. A lock that expires and a connection that ends do not count. */
  readonly deliveryCount: number;
  /** Names the last delivery; empty before there was one. */
  readonly lockToken: string;
}

/** What a device makes of a message that it was handed: done with, back into the queue, or not wanted. */
export type Settlement = 'complete' | 'abandon' | 'reject';

/** A message that is out, and until when it may be settled. */
interface LockedMessage {
  readonly message: QueuedMessage;
  readonly until: Millis;
}

/** The messages to one device, oldest first. What has expired, and what was abandoned ten times, is gone. */
export class MessageQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onFate: (message: QueuedMessage, fate: MessageFate) => void;
  #waiting: readonly QueuedMessage[] = [];
  #locked: readonly LockedMessage[] = [];
  #sequence = 0;

  /** @param onFate is told when a message has left the queue for good. */
  constructor(clock: Clock, random: Random, onFate: (message: QueuedMessage, fate: MessageFate) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#onFate = onFate;
  }

  /** Messages that wait or are out. */
  get length(): number {
    this.#tidy();
    return this.#waiting.length + this.#locked.length;
  }

  /** Returns a problem where the queue takes no more. */
  enqueue(message: HubMessage): HubProblem | undefined {
    if (messageSize(message) > sizeLimitBytes) return hubProblems.messageTooLarge;
    if (this.length >= queueLimit) return hubProblems.queueFull;
    const enqueuedAt = this.#clock.now();
    const expiresAt = Math.min(message.expiresAt ?? enqueuedAt + defaultTtlMs, enqueuedAt + longestTtlMs);
    const sequenceNumber = ++this.#sequence;
    this.#waiting = [
      ...this.#waiting,
      { ...message, expiresAt, sequenceNumber, enqueuedAt, handOuts: 0, deliveryCount: 0, lockToken: '' },
    ];
    return undefined;
  }

  /** Hands out the oldest message. It comes back when it is not settled. @param lockMs for ever where absent. */
  take(lockMs = Infinity): QueuedMessage | undefined {
    this.#tidy();
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return undefined;
    const taken = { ...first, handOuts: first.handOuts + 1, lockToken: this.#random.uuid() };
    this.#waiting = rest;
    this.#locked = [...this.#locked, { message: taken, until: this.#clock.now() + lockMs }];
    return taken;
  }

  /** Returns whether the token still names a delivery. */
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

  /** Everything that is out comes back: the connection that it went over has ended. */
  returnAll(): void {
    this.#return(() => true);
  }

  /** Returns how many there were. */
  purge(): number {
    const count = this.length;
    const purged = [...this.#waiting, ...this.#locked.map(({ message }) => message)];
    this.#waiting = [];
    this.#locked = [];
    for (const message of purged) this.#onFate(message, 'Purged');
    return count;
  }

  /** @param counted by how much the delivery count rises. */
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

/** Those that fit and those that do not. */
function split<Item>(items: readonly Item[], fits: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

const queueLimit = 50;
const sizeLimitBytes = 64 * 1024;
/** The hub's defaults: a message lives an hour, two days at most, and may be abandoned ten times. */
const defaultTtlMs = 3_600_000;
const longestTtlMs = 48 * 3_600_000;
const deliveryLimit = 10;
