import type { Millis } from '../../../core/time/clock.ts';

/** So much in so long a time. */
export interface QuotaSize {
  readonly limit: number;
  readonly windowMs: number;
  /** Counted over the time before each request, or from one full window of the clock to the next. */
  readonly counted: 'sliding' | 'fixed';
}

/** Counts what is taken, by instants that its caller gives. What is refused does not count. */
export class Quota {
  readonly #size: QuotaSize;
  /** Instants of what was taken and still counts, oldest first. */
  #taken: Millis[] = [];

  constructor(size: QuotaSize) {
    this.#size = size;
  }

  /** Takes one, if there is room: `undefined`. Otherwise the instant from which there is. */
  take(now: Millis): Millis | undefined {
    if (!this.#hasRoom(now)) return this.#freeAt(now);
    this.#taken.push(now);
    return undefined;
  }

  #hasRoom(now: Millis): boolean {
    this.#forget(now);
    return this.#taken.length < this.#size.limit;
  }

  #forget(now: Millis): void {
    const { windowMs, counted } = this.#size;
    const start = counted === 'fixed' ? this.#windowStart(now) : now - windowMs + 1;
    const first = this.#taken.findIndex((at) => at >= start);
    if (first !== 0) this.#taken = first < 0 ? [] : this.#taken.slice(first);
  }

  #freeAt(now: Millis): Millis {
    const { windowMs, counted } = this.#size;
    return (counted === 'fixed' ? this.#windowStart(now) : (this.#taken[0] ?? now)) + windowMs;
  }

  #windowStart(now: Millis): Millis {
    return now - (now % this.#size.windowMs);
  }
}
