import { afterRealTime } from '../../../core/time/clock.ts';

/** What a connection tells about the authentication of its client. */
export interface Probation {
  /** The client has authenticated: its connection may stay, and is not ended to make room. */
  admit(): void;
  /** The client waits for an answer, which a service may hold back: meanwhile its connection is not ended. */
  asked(): void;
  /**
   * A service has answered the client. Below 400, the client has authenticated. After 429 and 5xx, which say nothing about the
   * client and ask it to come again, the client has its whole time once more.
   *
   * @param retryAfterSeconds how long the answer asks the client to wait.
   */
  answered(status: number, retryAfterSeconds?: number): void;
}

/** For a connection that nobody bounds. */
export const noProbation: Probation = { admit: () => {}, asked: () => {}, answered: () => {} };

/** Ends a connection whose client does not authenticate in time. */
export class BoundedProbation implements Probation {
  readonly #boundMs: number;
  /** Undefined as soon as there is nothing left to end: alarms that are still set must not keep a closed socket in memory. */
  #end: (() => void) | undefined;
  /** Counts restarts: only the alarm that was set last ends the connection. */
  #round = 0;
  #isAdmitted = false;
  /** Requests without an answer. */
  #waiting = 0;

  /**
   * @param boundMs real milliseconds; 0 for no bound.
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

  /** Whether the client waits for an answer. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  admit(): void {
    this.#isAdmitted = true;
    this.#end = undefined;
  }

  asked(): void {
    this.#waiting++;
  }

  answered(status: number, retryAfterSeconds = 0): void {
    this.#waiting--;
    if (status < 400) this.admit();
    else if (status === 429 || status >= 500) this.restart(retryAfterSeconds * 1000);
  }

  /** Gives the client its whole time once more, and `graceMs` before that. */
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
