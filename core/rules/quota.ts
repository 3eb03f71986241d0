import type { Millis } from '../time/clock.ts';

/** A rate limit: at most `limit` requests in `windowMs`. */
export interface QuotaSize {
  readonly limit: number;
  readonly windowMs: number;
  /**
   * `sliding` counts the requests in the last `windowMs` before each request. `fixed` counts the requests since the
   * last multiple of `windowMs`.
   */
  readonly counted: 'sliding' | 'fixed';
}

/** Counts requests against a rate limit. The caller passes the instants. Refused requests do not count. */
export class Quota {
  readonly #size: QuotaSize;
  /**
   * Instants of requests, oldest first. Requests before index `#start` no longer count. The quota removes such requests
   * in large groups, which is faster than one by one.
   */
  #taken: Millis[] = [];
  #start = 0;

  constructor(size: QuotaSize) {
    this.#size = size;
  }

  /**
   * Returns a quota with the same requests. A caller can compute later requests on it without a change of this quota.
   */
  copy(): Quota {
    const copy = new Quota(this.#size);
    copy.#taken = this.#taken.slice(this.#start);
    return copy;
  }

  /**
   * Counts a request and returns undefined. If the limit is reached, counts nothing and returns the instant at which the next
   * request is possible.
   */
  take(now: Millis): Millis | undefined {
    if (!this.#hasRoom(now)) return this.#freeAt(now);
    this.#taken.push(now);
    return undefined;
  }

  #hasRoom(now: Millis): boolean {
    this.#forget(now);
    return this.#taken.length - this.#start < this.#size.limit;
  }

  #forget(now: Millis): void {
    const { windowMs, counted } = this.#size;
    const start = counted === 'fixed' ? this.#windowStart(now) : now - windowMs + 1;
    while ((this.#taken[this.#start] ?? Infinity) < start) this.#start++;
    if (this.#start * 2 <= this.#taken.length) return;
    this.#taken = this.#taken.slice(this.#start);
    this.#start = 0;
  }

  #freeAt(now: Millis): Millis {
    const { windowMs, counted } = this.#size;
    return (counted === 'fixed' ? this.#windowStart(now) : (this.#taken[this.#start] ?? now)) + windowMs;
  }

  #windowStart(now: Millis): Millis {
    return now - (now % this.#size.windowMs);
  }
}
