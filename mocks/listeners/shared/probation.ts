import { afterRealTime } from '../../../core/time/clock.ts';

/**
 * Tracks whether the client of a connection has authenticated, and ends the connection if the client takes too long.
 */
export interface Probation {
  /**
   * The listener must call this method when the client has authenticated. The connection then stays open, even if
   * descriptors run out.
   */
  admit(): void;
  /**
   * The listener must call this method when the client has sent a request. The connection stays open until the answer,
   * which a service may delay.
   */
  requested(): void;
  /**
   * The listener must call this method when a service has answered the client. A status below 400 means that the client
   * has authenticated. After 429 and 5xx the time limit starts again, because these answers only ask the client to
   * retry.
   *
   * @param retryAfterSeconds time that the answer asks the client to wait.
   */
  answered(status: number, retryAfterSeconds?: number): void;
}

/** The probation of a connection whose client may authenticate at any time. */
export const noProbation: Probation = { admit: () => {}, requested: () => {}, answered: () => {} };

/** Ends a connection whose client does not authenticate in time. */
export class BoundedProbation implements Probation {
  readonly #boundMs: number;
  /**
   * Ends the connection. Undefined if the connection is closed or the client has authenticated, so that a pending timer does
   * not keep a closed socket in memory.
   */
  #end: (() => void) | undefined;
  /** Number of restarts. Only the timer of the last restart ends the connection. */
  #round = 0;
  #isAdmitted = false;
  /** Number of requests that wait for an answer. */
  #waiting = 0;

  /**
   * @param boundMs time limit in real milliseconds; 0 means no limit.
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

  /** Starts the time limit of the client again, `graceMs` real milliseconds later. */
  restart(graceMs = 0): void {
    if (this.#boundMs === 0 || this.#end === undefined) return;
    const round = ++this.#round;
    afterRealTime(this.#boundMs + graceMs, () => {
      if (round !== this.#round) return;
      if (this.isWaiting) this.restart();
      else this.#end?.();
    });
  }

  /** The listener must call this method when the connection has closed. */
  closed(): void {
    this.#end = undefined;
  }
}
