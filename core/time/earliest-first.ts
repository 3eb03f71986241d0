/**
 * A queue that returns its earliest entry first: a binary heap. Adding and taking an entry cost a number of comparisons that grows
 * with the logarithm of the length.
 */
export class EarliestFirst<T> {
  readonly #entries: T[] = [];
  readonly #isBefore: (one: T, other: T) => boolean;

  /** @param isBefore a strict order. If neither of two entries is before the other, their order is not defined. */
  constructor(isBefore: (one: T, other: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** The earliest entry; undefined if there is none. */
  get first(): T | undefined {
    return this.#entries[0];
  }

  add(entry: T): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above] as T;
      if (!this.#isBefore(entry, parent)) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  /** Removes and returns the earliest entry; undefined if there is none. */
  take(): T | undefined {
    const [first] = this.#entries;
    const last = this.#entries.pop();
    if (this.#entries.length > 0) this.#sink(last as T);
    return first;
  }

  /** Puts an entry in the first place, and moves it down until the heap is in order. */
  #sink(entry: T): void {
    const entries = this.#entries;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && this.#isBefore(entries[below + 1] as T, entries[below] as T)) below++;
      const child = entries[below] as T;
      if (!this.#isBefore(child, entry)) break;
      entries[at] = child;
      at = below;
    }
    entries[at] = entry;
  }
}
