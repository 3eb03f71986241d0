import type { Millis } from '../../core/time/clock.ts';

/** Counts events by the minute in which they occur. */
export class IntervalCounts {
  readonly #from: Millis;
  #counts = new Uint32Array(64);
  #used = 0;

  /** @param from start of the first minute. */
  constructor(from: Millis) {
    this.#from = from;
  }

  add(at: Millis): void {
    const minute = Math.floor((at - this.#from) / minuteMs);
    if (minute >= this.#counts.length) this.#grow(minute);
    if (minute >= this.#used) this.#used = minute + 1;
    this.#counts[minute] = (this.#counts[minute] ?? 0) + 1;
  }

  /** Number of minutes from the first minute up to the minute of the last event, both included. */
  get length(): number {
    return this.#used;
  }

  get peak(): number {
    let peak = 0;
    for (let minute = 0; minute < this.#used; minute++) peak = Math.max(peak, this.#counts[minute] ?? 0);
    return peak;
  }

  /** Returns the counts of `length` intervals of `minutes` minutes each. */
  by(minutes: number, length: number): readonly number[] {
    const sums = Array.from({ length }, () => 0);
    for (let minute = 0; minute < this.#used; minute++) {
      const place = Math.floor(minute / minutes);
      sums[place] = (sums[place] ?? 0) + (this.#counts[minute] ?? 0);
    }
    return sums;
  }

  #grow(minute: number): void {
    const longer = new Uint32Array(Math.max(minute + 1, this.#counts.length * 2));
    longer.set(this.#counts);
    this.#counts = longer;
  }
}

const minuteMs = 60_000;
