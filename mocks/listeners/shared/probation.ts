import { afterRealTime } from '../../../core/time/clock.ts';

/** Tracks whether the client of a connection has authenticated. */
export interface Probation {
  /** The client has authenticated: its connection stays open, even if descriptors run out. */
  admit(): void;
  /** The client waits for an answer, which a service may delay. Its connection is not ended meanwhile. */
  requested(): void;
  /**
   * A service has answered the client. Below 400, the client has authenticated. After 429 and 5xx, the time of the client starts
   * again, because these answers only ask the client to retry.
   *
   * @param retryAfterSeconds time that the client is asked to wait.
   */
  answered(status: number, retryAfterSeconds?: number): void;
}

/** For a connection without a time limit. */
export const noProbation: Probation = { admit: () => {}, requested: () => {}, answered: () => {} };

/** Ends a connection whose client does not authenticate in time. */
export class BoundedProbation implements Probation {
  readonly #boundMs: number;
  /** Undefined when there is nothing left to end: a pending alarm must not keep a closed socket in memory. */
  #end: (() => void) | undefined;
  /** Counts restarts: only the last alarm ends the connection. */
  #round = 0;
  #isAdmitted = false;
  /** Requests without an answer. */
  #waiting = 0;

  /**
   * @param boundMs real milliseconds; 0 for no limit.
   * @param end ends the connection.
   */
  constructor(boundMs: number, end: () => void) {
    this.#boundMs = boundMs;
    this.#end = end;
    this.restart();
  }

  get isAdmitted(): boolean {
    return this.#isAdmitted;
  }

  /** True if the client waits for an answer. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  admit(): void {
    this.#isAdmitted = true;
    this.#end = undefined;
  }

  requested(): void {
    this.#waiting++;
  }

  answered(status: number, retryAfterSeconds = 0): void {
    this.#waiting--;
    if (status < 400) this.admit();
    else if (status === 429 || status >= 500) this.restart(retryAfterSeconds * 1000);
  }

  /** Restarts the client's time, after `graceMs`. */
  restart(graceMs = 0): void {
    if (this.#boundMs === 0 || this.#end === undefined) return;
    const round = ++this.#round;
    afterRealTime(this.#boundMs + graceMs, () => {
      if (round !== this.#round) return;
      if (this.isWaiting) this.restart();
      else this.#end?.();
    });
  }

  /** The connection has closed. */
  closed(): void {
    this.#end = undefined;
  }
}
