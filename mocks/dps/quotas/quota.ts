import type { Millis } from '../../../core/time/clock.ts';

/** A rate limit: at most `limit` requests in `windowMs`. */
export interface QuotaSize {
  readonly limit: number;
  readonly windowMs: number;
  /** `sliding` counts the window before each request, `fixed` counts from one multiple of the window to the next. */
  readonly counted: 'sliding' | 'fixed';
}

/** Counts requests by the instants that the caller passes. Refused requests do not count. */
export class Quota {
  readonly #size: QuotaSize;
  /** Instants of the requests that still count, oldest first. */
  #taken: Millis[] = [];

  constructor(size: QuotaSize) {
    this.#size = size;
  }

  /** Counts a request and returns undefined. If the limit is reached, returns the instant at which capacity is available again. */
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
