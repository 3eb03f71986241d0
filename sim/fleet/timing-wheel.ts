import type { Millis } from '../../core/time/clock.ts';

/**
 * The alarms of many items in virtual time, at most one alarm per item. Alarms of the same millisecond end in the order in which they were
 * set. There is a list for each millisecond of the current span of 65,536 ms, and a list for each later span. So the cost of an alarm does
 * not depend on the number of items.
 */
export class TimingWheel {
  readonly #due: Float64Array;
  readonly #next: Int32Array;
  readonly #heads = new Int32Array(spanMs).fill(none);
  readonly #tails = new Int32Array(spanMs).fill(none);
  /** One bit for each millisecond of the current span of 65,536 ms: 1 if an alarm is due in this millisecond. */
  readonly #bits = new Uint32Array(spanMs / 32);
  #laterHeads: Int32Array = new Int32Array(64).fill(none);
  #laterTails: Int32Array = new Int32Array(64).fill(none);
  #span = 0;
  #slot = 0;
  #size = 0;

  /** @param items number of items; they are 0, 1, 2, … */
  constructor(items: number) {
    this.#due = new Float64Array(items);
    this.#next = new Int32Array(items);
  }

  get size(): number {
    return this.#size;
  }

  /** The time of the alarm that `take` returned last; 0 before the first alarm. */
  get now(): Millis {
    return this.#span * spanMs + this.#slot;
  }

  /** Sets the alarm of an item. @param due whole milliseconds from 0, not before `now`. */
  set(item: number, due: Millis): void {
    this.#size++;
    this.#due[item] = due;
    this.#next[item] = none;
    const span = Math.floor(due / spanMs);
    if (span > this.#span) return this.#setLater(item, span);
    this.#append(item, due - span * spanMs);
  }

  /** Removes the next alarm and returns its item, or -1 if no alarm is left. `now` is then the time of the alarm. */
  take(): number {
    if (this.#size === 0) return none;
    while (!this.#findSlot()) this.#openNextSpan();
    this.#size--;
    const slot = this.#slot;
    const item = this.#heads[slot] ?? none;
    const next = this.#next[item] ?? none;
    this.#heads[slot] = next;
    if (next === none) {
      this.#tails[slot] = none;
      this.#bits[slot >>> 5] = (this.#bits[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
    }
    return item;
  }

  #append(item: number, slot: number): void {
    const tail = this.#tails[slot] ?? none;
    if (tail === none) {
      this.#heads[slot] = item;
      this.#bits[slot >>> 5] = (this.#bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
    } else this.#next[tail] = item;
    this.#tails[slot] = item;
  }

  #setLater(item: number, span: number): void {
    while (span >= this.#laterHeads.length) {
      this.#laterHeads = doubled(this.#laterHeads);
      this.#laterTails = doubled(this.#laterTails);
    }
    const tail = this.#laterTails[span] ?? none;
    if (tail === none) this.#laterHeads[span] = item;
    else this.#next[tail] = item;
    this.#laterTails[span] = item;
  }

  /** Moves to the next millisecond of the current span with an alarm. Returns false if the span has no alarm left. */
  #findSlot(): boolean {
    let word = this.#slot >>> 5;
    let bits = (this.#bits[word] ?? 0) & (-1 << (this.#slot & 31));
    while (bits === 0) {
      if (++word >= this.#bits.length) return false;
      bits = this.#bits[word] ?? 0;
    }
    this.#slot = word * 32 + (31 - Math.clz32(bits & -bits));
    return true;
  }

  #openNextSpan(): void {
    do this.#span++;
    while ((this.#laterHeads[this.#span] ?? none) === none && this.#span < this.#laterHeads.length);
    this.#slot = 0;
    let item = this.#laterHeads[this.#span] ?? none;
    while (item !== none) {
      const next = this.#next[item] ?? none;
      this.#next[item] = none;
      this.#append(item, (this.#due[item] ?? 0) - this.#span * spanMs);
      item = next;
    }
  }
}

function doubled(list: Int32Array): Int32Array {
  const longer = new Int32Array(list.length * 2).fill(none);
  longer.set(list);
  return longer;
}

const none = -1;
/** About a minute. */
const spanMs = 65_536;
