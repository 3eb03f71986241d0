import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import type { Settlement } from '../messages/message-queue.ts';

/** Records that a back end receives in one delivery. */
export interface ServiceBatch<Item> {
  readonly lockToken: string;
  readonly records: readonly Item[];
  /** Number of deliveries of the batch, including this one. */
  readonly deliveryCount: number;
}

interface Bounds {
  /** Maximum number of records in one batch. */
  readonly batchLimit: number;
  /** Maximum number of deliveries of a batch. After that, the queue drops the batch. */
  readonly deliveryLimit: number;
}

interface LockedBatch<Item> {
  readonly batch: ServiceBatch<Item>;
  readonly until: Millis;
}

/**
 * A queue for the back end of a hub (feedback, file notifications). It keeps at most the last 1000 records, each for one hour.
 */
export class ServiceQueue<Item> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #bounds: Bounds;
  readonly #listeners = new Set<() => void>();
  readonly #out = new Map<string, LockedBatch<Item>>();
  #fresh: readonly { readonly record: Item; readonly until: Millis }[] = [];
  #returned: readonly ServiceBatch<Item>[] = [];

  constructor(clock: Clock, random: Random, bounds: Bounds) {
    this.#clock = clock;
    this.#random = random;
    this.#bounds = bounds;
  }

  add(record: Item): void {
    this.#fresh = [...this.#fresh.slice(1 - recordLimit), { record, until: this.#clock.now() + lifeMs }];
    this.#notify();
  }

  /**
   * Delivers the next batch. If the receiver does not settle the batch within `lockMs`, the batch returns to the queue.
   *
   * @param lockMs milliseconds by the clock of the queue. Default: no limit.
   */
  take(lockMs = Infinity): ServiceBatch<Item> | undefined {
    this.#tidy();
    const [first, ...others] = this.#returned;
    if (first === undefined && this.#fresh.length === 0) return undefined;
    const { batchLimit } = this.#bounds;
    const records = first?.records ?? this.#fresh.slice(0, batchLimit).map(({ record }) => record);
    if (first === undefined) this.#fresh = this.#fresh.slice(batchLimit);
    else this.#returned = others;
    const batch = { records, lockToken: this.#random.uuid(), deliveryCount: (first?.deliveryCount ?? 0) + 1 };
    this.#out.set(batch.lockToken, { batch, until: this.#clock.now() + lockMs });
    return batch;
  }

  /** Settles a batch. Returns false if the lock token is unknown or expired. */
  settle(lockToken: string, settlement: Settlement): boolean {
    this.#tidy();
    const locked = this.#out.get(lockToken);
    if (locked === undefined) return false;
    this.#out.delete(lockToken);
    if (settlement === 'abandon' && this.#return(locked.batch)) this.#notify();
    return true;
  }

  /** Calls `listener` when records are available. Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #return(batch: ServiceBatch<Item>): boolean {
    if (batch.deliveryCount >= this.#bounds.deliveryLimit) return false;
    this.#returned = [...this.#returned, batch];
    return true;
  }

  /**
   * Drops expired locks and records. Every use of the queue calls this method, because a jump of the virtual clock
   * triggers no event.
   */
  #tidy(): void {
    const now = this.#clock.now();
    for (const [token, { batch, until }] of this.#out) {
      if (until > now) continue;
      this.#out.delete(token);
      this.#return(batch);
    }
    this.#fresh = this.#fresh.filter(({ until }) => until > now);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const recordLimit = 1000;
const lifeMs = 3_600_000;
