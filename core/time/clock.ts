import { mustBeReachable } from './calendar.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** Where every part of the program reads the time. Nothing else may ask the computer. */
export interface Clock {
  now(): Millis;
  sleep(durationMs: number): Promise<void>;
}

type Sleeper = {
  readonly due: Millis;
  readonly order: number;
  readonly wake: () => void;
  readonly fail: (reason: unknown) => void;
};

/**
 * Time that stands still while an actor works and jumps to the next alarm when all of them sleep.
 *
 *     clock.run(async () => {
 *       await socket.write(…);         // real I/O: virtual time does not move
 *       await clock.sleep(YEAR_MS);    // asleep: the clock may jump, and wakes one actor at a time
 *     });
 *
 * One actor is awake at any moment, so the same seed gives the same history. Whoever sleeps must have been started by
 * `run` or `all`.
 */
export class VirtualClock implements Clock {
  #now: Millis;
  #awake = 0;
  #order = 0;
  readonly #sleepers: Sleeper[] = [];
  readonly #onJump: (from: Millis, to: Millis) => void;
  readonly #hold: HoldTime | undefined;

  /**
   * @param onJump told of every move of the time, before the sleeper wakes.
   * @param hold asked before every move, for somebody who watches: the time stands until he lets it go on, and a rejection
   *   becomes that of the sleep that was to end.
   */
  constructor(start: Millis, onJump: (from: Millis, to: Millis) => void = () => {}, hold?: HoldTime) {
    this.#now = start;
    this.#onJump = onJump;
    this.#hold = hold;
  }

  now(): Millis {
    return this.#now;
  }

  /** Runs `work` as an actor. Time moves only while every actor sleeps. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#awake++;
    try {
      return await work();
    } finally {
      this.#doze();
    }
  }

  /** Runs `works` as actors that take turns, while the calling actor waits for them all. Rejects as the first did. */
  async all<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
    let running = works.length;
    if (running === 0) return [];
    const inTurn = async (work: () => Promise<T>): Promise<T> => {
      await this.sleep(0);
      try {
        return await work();
      } finally {
        // The last one stays awake in place of the caller: nobody else may be woken between the two.
        if (--running > 0) this.#doze();
      }
    };
    this.#awake += works.length - 1;
    const ended = await Promise.allSettled(works.map(inTurn));
    return ended.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
  }

  /** Rejects with OutsideCalendar if it would end after the last year there is; the actor stays awake then. */
  sleep(durationMs: number): Promise<void> {
    return new Promise((wake, fail) => {
      const due = this.#now + Math.max(0, durationMs);
      mustBeReachable(due);
      this.#sleepers.push({ due, order: this.#order++, wake, fail });
      this.#doze();
    });
  }

  /** The calling actor stops being awake; when it was the last, the next sleeper wakes. */
  #doze(): void {
    this.#awake--;
    if (this.#awake > 0) return;
    let next = 0;
    for (const [index, sleeper] of this.#sleepers.entries()) {
      const first = this.#sleepers[next];
      if (first === undefined || isBefore(sleeper, first)) next = index;
    }
    const [sleeper] = this.#sleepers.splice(next, 1);
    if (sleeper === undefined) return;
    this.#awake++;
    if (this.#hold === undefined || sleeper.due <= this.#now) return this.#wake(sleeper);
    whileHeld(this.#hold(this.#now, sleeper.due)).then(() => this.#wake(sleeper), sleeper.fail);
  }

  #wake(sleeper: Sleeper): void {
    if (sleeper.due > this.#now) {
      this.#onJump(this.#now, sleeper.due);
      this.#now = sleeper.due;
    }
    sleeper.wake();
  }
}

/** Resolves when the time may move from one instant to the next. */
type HoldTime = (from: Millis, to: Millis) => Promise<void>;

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** The computer's own time, for mocks that serve outside clients. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs) => new Promise((wake) => setTimeout(wake, durationMs)),
};

/**
 * The computer's time and a lead on top, for a lab that outside clients use: they live in real time, and the operator may
 * move everybody's year along. It never goes back.
 */
export class AdvancingClock implements Clock {
  #leadMs: number;
  readonly #sleepers = new Set<RealSleeper>();

  /** @param leadMs milliseconds ahead of the computer's time, from 0 on. */
  constructor(leadMs = 0) {
    this.#leadMs = leadMs;
  }

  get leadMs(): number {
    return this.#leadMs;
  }

  now(): Millis {
    return Date.now() + this.#leadMs;
  }

  /** Ends early when the time is advanced past its end. Keeps no process alive. */
  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => {
      const sleeper: RealSleeper = { due: this.now() + Math.max(0, durationMs), alarm: undefined, wake };
      this.#sleepers.add(sleeper);
      this.#wakeWhenDue(sleeper);
    });
  }

  /** Moves the time forward by so many milliseconds; whoever has slept long enough by then wakes. */
  advance(byMs: number): void {
    this.#leadMs += Math.max(0, byMs);
    for (const sleeper of this.#sleepers) this.#wakeWhenDue(sleeper);
  }

  #wakeWhenDue(sleeper: RealSleeper): void {
    clearTimeout(sleeper.alarm);
    const left = sleeper.due - this.now();
    if (left <= 0) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
      return;
    }
    sleeper.alarm = setTimeout(() => this.#wakeWhenDue(sleeper), Math.min(left, timerLimitMs)).unref();
  }
}

type RealSleeper = { readonly due: Millis; alarm: NodeJS.Timeout | undefined; readonly wake: () => void };

/** Node takes longer waits for none at all. */
const timerLimitMs = 2 ** 31 - 1;

/** A device's idea of the time: the true time, off by as much as its battery, its RTC and its owner left it. */
export class SkewedClock implements Clock {
  readonly #truth: Clock;
  #offsetMs = 0;
  #driftPpm = 0;
  #setAt: Millis;

  constructor(truth: Clock) {
    this.#truth = truth;
    this.#setAt = truth.now();
  }

  now(): Millis {
    const elapsed = this.#truth.now() - this.#setAt;
    return Math.round(this.#truth.now() + this.#offsetMs + (elapsed * this.#driftPpm) / 1_000_000);
  }

  sleep(durationMs: number): Promise<void> {
    return this.#truth.sleep(durationMs);
  }

  /** Makes the device believe that it is `instant` now; it runs on from there. */
  set(instant: Millis): void {
    this.#setAt = this.#truth.now();
    this.#offsetMs = instant - this.#setAt;
  }

  /** From now on the clock gains (or loses, when negative) this many seconds in a million. */
  drift(partsPerMillion: number): void {
    this.set(this.now());
    this.#driftPpm = partsPerMillion;
  }

  /** As after an NTP exchange. */
  synchronise(): void {
    this.#setAt = this.#truth.now();
    this.#offsetMs = 0;
  }
}

/**
 * Bounds a wait for something real (a socket, a process) in real time, so that nothing ever hangs. While somebody holds a world
 * up, whoever answers in it may be asleep: that time does not count.
 *
 * @param limitMs real milliseconds.
 * @param sentence what did not happen; becomes the message of the rejection.
 */
export async function withinRealTime<T>(work: Promise<T>, limitMs: number, sentence: string): Promise<T> {
  let alarm: Alarm | undefined;
  const late = new Promise<never>((_, reject) => {
    alarm = new Alarm(limitMs, () => reject(new Error(`${sentence} (waited ${limitMs / 1000} s)`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    alarm?.cancel();
  }
}

/**
 * Does something after so many real milliseconds in which nobody holds a world up, unless the process has ended before: nothing is
 * kept alive for it.
 */
export function afterRealTime(delayMs: number, work: () => void): void {
  new Alarm(delayMs, work).unref();
}

/** Goes off after so many real milliseconds, not counting those in which a world was held up. */
class Alarm {
  readonly #work: () => void;
  /** What of `heldMs` has been waited for. */
  #heldMs = heldMs();
  #timer: NodeJS.Timeout;

  constructor(delayMs: number, work: () => void) {
    this.#work = work;
    this.#timer = setTimeout(() => this.#ring(), delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  unref(): void {
    this.#timer.unref();
  }

  #ring(): void {
    const moreMs = heldMs() - this.#heldMs;
    if (moreMs < 1) return this.#work();
    this.#heldMs += moreMs;
    const wasRef = this.#timer.hasRef();
    this.#timer = setTimeout(() => this.#ring(), moreMs);
    if (!wasRef) this.#timer.unref();
  }
}

/** For how long worlds of this process were held up; of two at once the time counts once. */
const held = { worlds: 0, since: 0, endedMs: 0 };

function heldMs(): number {
  return held.endedMs + (held.worlds === 0 ? 0 : wallMs() - held.since);
}

async function whileHeld(going: Promise<void>): Promise<void> {
  if (held.worlds++ === 0) held.since = wallMs();
  try {
    await going;
  } finally {
    if (--held.worlds === 0) held.endedMs += wallMs() - held.since;
  }
}

/** Real milliseconds of a monotonic watch, for figures about the run itself; never part of a history. */
export function wallMs(): number {
  return performance.now();
}

/** For libraries that take nothing else. */
export function instantAsDate(instant: Millis): Date {
  return new Date(instant);
}

/** `2026-01-05T08:00:00.000Z`; an instant that no calendar reaches (a forged expiry, say) stays a number. */
export function isoInstant(instant: Millis): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : `${instant} ms`;
}

/** The instant of an RFC 3339 text with zone, or undefined where the text is none. */
export function parseInstant(text: string): Millis | undefined {
  if (!/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  // Date.parse takes 31 April for 1 May: a day that comes out as another one is on no calendar.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** As HTTP writes dates (RFC 9110 5.6.7): `Mon, 05 Jan 2026 08:00:00 GMT`. */
export function httpInstant(instant: Millis): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toUTCString() : `${instant} ms`;
}
