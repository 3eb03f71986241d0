import { mustBeReachable } from './calendar.ts';
import { EarliestFirst } from './earliest-first.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** The source of time for every part of the program. Only this module reads the real time. */
export interface Clock {
  now(): Millis;
  sleep(durationMs: number): Promise<void>;
}

type Sleeper = {
  readonly due: Millis;
  readonly order: number;
  readonly wake: () => void;
  readonly fail: (reason: unknown) => void;
  /** True if the sleeper is not an actor, but a service that answers a program outside of the simulation. */
  readonly isOutside: boolean;
  /** True if the sleep has ended. */
  isOver: boolean;
};

/**
 * Virtual time. Virtual time stands still while an actor works, and jumps to the next alarm when all actors sleep.
 *
 * clock.run(async () => {
 * await socket.write(…);         // real I/O: virtual time does not move
 * await clock.sleep(YEAR_MS);    // asleep: the clock may jump, and wakes one actor at a time
 * });
 *
 * At any moment only one actor is awake, so the same seed gives the same history. Only actors that `run` or `all`
 * started may sleep.
 */
export class VirtualClock implements Clock {
  #now: Millis;
  #awake = 0;
  #order = 0;
  /** True while `hold` decides whether the time may move. Every actor then sleeps. */
  #isHeld = false;
  readonly #sleepers = new EarliestFirst<Sleeper>(isBefore);
  readonly #onJump: (from: Millis, to: Millis) => void;
  readonly #hold: HoldTime | undefined;

  /**
   * @param onJump the clock calls it for every jump of the time, before the sleeper wakes.
   * @param hold the clock awaits it before every jump. It decides how far the time may go. If its promise rejects, the
   * sleep that was about to end rejects with the same error.
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

  /**
   * Runs `works` as actors in turn. The calling actor waits until all these actors have ended. If several of them
   * reject, this method rejects with the error of the first one in the list.
   */
  async all<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
    let running = works.length;
    if (running === 0) return [];
    const inTurn = async (work: () => Promise<T>): Promise<T> => {
      await this.sleep(0);
      try {
        return await work();
      } finally {
        // The last actor that ends stays awake until the caller continues, so that no other actor wakes in between.
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

  /**
   * Sleeps for `durationMs` of virtual time. Rejects with OutsideCalendar if the sleep would end after the end of virtual time;
   * the actor then stays awake.
   */
  sleep(durationMs: number): Promise<void> {
    return new Promise((wake, fail) => void this.#fallAsleep(durationMs, wake, fail));
  }

  /** Sleeps like `sleep`. `wake` ends the sleep early, at the virtual time of the call. */
  sleepUnlessWoken(durationMs: number): { readonly slept: Promise<void>; readonly wake: () => void } {
    let sleeper: Sleeper | undefined;
    const slept = new Promise<void>((wake, fail) => {
      sleeper = this.#fallAsleep(durationMs, wake, fail);
    });
    return {
      slept,
      wake: () => {
        if (sleeper === undefined || sleeper.isOver) return;
        sleeper.isOver = true;
        sleeper = { ...sleeper, due: this.#now, order: this.#order++, isOver: false };
        this.#sleepers.add(sleeper);
      },
    };
  }

  #fallAsleep(durationMs: number, wake: () => void, fail: (reason: unknown) => void): Sleeper {
    const due = this.#now + Math.max(0, durationMs);
    mustBeReachable(due);
    const sleeper = { due, order: this.#order++, wake, fail, isOutside: this.#isHeld, isOver: false };
    this.#sleepers.add(sleeper);
    // While `hold` decides, every actor sleeps. So this sleep belongs to a service that a program outside of the
    // simulation calls.
    if (!this.#isHeld) this.#doze();
    return sleeper;
  }

  /** Marks the calling actor as asleep. If no actor is awake any more, wakes the actor with the earliest alarm. */
  #doze(): void {
    this.#awake--;
    if (this.#awake > 0) return;
    const sleeper = this.#earliest();
    if (sleeper === undefined) return;
    if (this.#hold === undefined || sleeper.due <= this.#now) return this.#wake(sleeper);
    void this.#wakeWhenReached(this.#hold);
  }

  /** Moves the time as far as `hold` allows until an actor wakes. */
  async #wakeWhenReached(hold: HoldTime): Promise<void> {
    this.#isHeld = true;
    for (;;) {
      const sleeper = this.#earliest();
      if (sleeper === undefined) break;
      if (sleeper.due <= this.#now) {
        if (!sleeper.isOutside) {
          this.#isHeld = false;
          return this.#wake(sleeper);
        }
        this.#wake(sleeper);
        continue;
      }
      try {
        const reached = await whileHeld(hold(this.#now, sleeper.due));
        if (reached === undefined) {
          this.#moveTo(sleeper.due);
          continue;
        }
        // While `hold` decided, a service may have started a sleep that ends earlier.
        this.#moveTo(Math.min(reached, this.#earliest()?.due ?? reached));
        // At this instant, the programs outside of the simulation act first, and then the actor wakes.
        if (this.#now >= sleeper.due) await whileHeld(hold(this.#now, this.#now));
      } catch (error) {
        this.#isHeld = false;
        this.#remove(sleeper);
        this.#awake++;
        return sleeper.fail(error);
      }
    }
    this.#isHeld = false;
  }

  #earliest(): Sleeper | undefined {
    while (this.#sleepers.first?.isOver === true) this.#sleepers.take();
    return this.#sleepers.first;
  }

  #remove(sleeper: Sleeper): void {
    sleeper.isOver = true;
  }

  /** @param sleeper the sleeper with the earliest alarm. */
  #wake(sleeper: Sleeper): void {
    this.#sleepers.take();
    sleeper.isOver = true;
    if (!sleeper.isOutside) this.#awake++;
    this.#moveTo(sleeper.due);
    sleeper.wake();
  }

  #moveTo(instant: Millis): void {
    if (instant <= this.#now) return;
    this.#onJump(this.#now, instant);
    this.#now = instant;
  }
}

/**
 * Decides how far the time may move from `from` towards `to`. The promise resolves to the instant up to which the time
 * may move; undefined permits the move to `to`. After the promise resolved to an instant, the clock calls the function
 * once more when the time has reached `to`. In this call `from` equals `to`.
 */
type HoldTime = (from: Millis, to: Millis) => Promise<Millis | undefined | void>;

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** The real time, for mocks that serve external clients. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs) => new Promise((wake) => setTimeout(wake, durationMs)),
};

/**
 * The real time plus a lead, for a lab whose external clients run in real time. The operator can advance the time of the lab.
 * The time never goes back.
 */
export class AdvancingClock implements Clock {
  #leadMs: number;
  readonly #sleepers = new Set<RealSleeper>();

  /** @param leadMs lead over the real time in milliseconds, 0 or more. */
  constructor(leadMs = 0) {
    this.#leadMs = leadMs;
  }

  get leadMs(): number {
    return this.#leadMs;
  }

  now(): Millis {
    return Date.now() + this.#leadMs;
  }

  /**
   * Sleeps for `durationMs`. The sleep ends early if the operator advances the time past the end of the sleep. A sleep
   * does not keep the process alive.
   */
  sleep(durationMs: number): Promise<void> {
    return new Promise((wake) => {
      const sleeper: RealSleeper = { due: this.now() + Math.max(0, durationMs), alarm: undefined, wake };
      this.#sleepers.add(sleeper);
      this.#wakeWhenDue(sleeper);
    });
  }

  /** Advances the time by `byMs` milliseconds and wakes all sleepers that are due. */
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

/** Longest delay of a timer in Node. Node fires a timer with a longer delay immediately. */
const timerLimitMs = 2 ** 31 - 1;

/** The clock of a device: the true time with an offset and a drift. */
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

  /** Sets the clock of the device to `instant`. The clock then continues from that instant. */
  set(instant: Millis): void {
    this.#setAt = this.#truth.now();
    this.#offsetMs = instant - this.#setAt;
  }

  /** Sets the drift in parts per million: a positive value makes the clock fast, a negative value makes it slow. */
  drift(partsPerMillion: number): void {
    this.set(this.now());
    this.#driftPpm = partsPerMillion;
  }

  /** Sets the clock of the device to the true time, as NTP does. */
  synchronise(): void {
    this.#setAt = this.#truth.now();
    this.#offsetMs = 0;
  }
}

/**
 * Limits the wait for a real resource (a socket, a process) in real time, so that the program never hangs. Time during which a
 * viewer pauses the simulation does not count, because the pause also stops the device or service that is expected to answer.
 *
 * @param limitMs real milliseconds.
 * @param sentence error message; it states the event that did not occur in time.
 */
export function withinRealTime<T>(work: Promise<T>, limitMs: number, sentence: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const alarm = new Alarm(limitMs, () => reject(new Error(`${sentence} (waited ${limitMs / 1000} s)`)));
    work.then(
      (value) => {
        alarm.cancel();
        resolve(value);
      },
      (error: unknown) => {
        alarm.cancel();
        reject(error);
      },
    );
  });
}

/**
 * Runs `work` after `delayMs` real milliseconds. Time during which a viewer pauses the simulation does not count. The timer
 * does not keep the process alive.
 *
 * @returns a function that cancels the timer. Until then, or until the end of the delay, the timer keeps everything in memory that `work`
 * refers to.
 */
export function afterRealTime(delayMs: number, work: () => void): () => void {
  const alarm = new Alarm(delayMs, work);
  alarm.unref();
  return () => alarm.cancel();
}

/** A timer in real milliseconds. Time during which a viewer pauses the simulation does not count. */
class Alarm {
  readonly #work: () => void;
  /** The value of `heldMs` up to which the timer has already added the pauses to its delay. */
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

/**
 * Total time during which simulations of this process were paused. Time during which several simulations were paused
 * counts once.
 */
const held = { worlds: 0, since: 0, endedMs: 0 };

function heldMs(): number {
  return held.endedMs + (held.worlds === 0 ? 0 : wallMs() - held.since);
}

async function whileHeld<T>(going: Promise<T>): Promise<T> {
  if (held.worlds++ === 0) held.since = wallMs();
  try {
    return await going;
  } finally {
    if (--held.worlds === 0) held.endedMs += wallMs() - held.since;
  }
}

/**
 * Returns real milliseconds of a monotonic clock, to measure how long a run takes. The value never becomes part of a history.
 */
export function wallMs(): number {
  return performance.now();
}

/** Converts an instant for libraries that require a Date. */
export function instantAsDate(instant: Millis): Date {
  return new Date(instant);
}

/**
 * Formats an instant as `2026-01-05T08:00:00.000Z`. Returns the number as text if the instant is outside the range of Date,
 * such as a forged expiry.
 */
export function isoInstant(instant: Millis): string {
  const known = formatted.get(instant);
  if (known !== undefined) return known;
  const text = Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : `${instant} ms`;
  if (formatted.size >= formattedLimit) formatted.clear();
  formatted.set(instant, text);
  return text;
}

/**
 * A cache of the last formatted instants. While virtual time stands still, the checks of many connections format the
 * same instant. Every check of a chain formats the validity of the same certificates.
 */
const formatted = new Map<Millis, string>();
const formattedLimit = 256;

/** Parses an RFC 3339 text with a time zone. Returns undefined for other texts. */
export function parseInstant(text: string): Millis | undefined {
  if (!/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  // Date.parse turns 31 April into 1 May. A date that the parser changes does not exist.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Formats an instant as an HTTP date (RFC 9110 5.6.7): `Mon, 05 Jan 2026 08:00:00 GMT`. */
export function httpInstant(instant: Millis): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toUTCString() : `${instant} ms`;
}
