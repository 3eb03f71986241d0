import type { Millis } from '../../../core/time/clock.ts';
import type { RenewalWords } from '../../scenario/words/renewal-words.ts';
import type { CertificateRequest } from '../issued-credential.ts';

/** Progress of the certificate renewal of one device. It lasts longer than one connection to the hub. */
export class RenewalState {
  readonly plan: RenewalWords;
  #pending: CertificateRequest | undefined;
  #failures = 0;
  #retryAt: Millis = -Infinity;

  constructor(plan: RenewalWords) {
    this.plan = plan;
  }

  /** The request whose key still waits for a certificate. The device sends this request again until a slow CA answers it. */
  get pending(): CertificateRequest | undefined {
    return this.#pending;
  }

  /**
   * Remembers the request until the CA has answered it.
   * @param request undefined after an answer, or after a power failure.
   */
  keepPending(request: CertificateRequest | undefined): void {
    this.#pending = request;
  }

  /** Returns the instant of the next try if it is later than `now`; otherwise Infinity. */
  wakeAfter(now: Millis): Millis {
    return this.#retryAt > now ? this.#retryAt : Infinity;
  }

  /** Returns false while the device waits after a failed renewal. */
  isOpenAt(now: Millis): boolean {
    return now >= this.#retryAt;
  }

  /** Counts a failure and returns the number of failures before it. */
  countFailure(): number {
    return this.#failures++;
  }

  waitUntil(instant: Millis): void {
    this.#retryAt = instant;
  }

  /** Sets the renewal progress of the simulated device that this real device represents. */
  resume(failures: number, retryAt: Millis): void {
    this.#failures = failures;
    this.#retryAt = retryAt;
  }

  succeed(): void {
    this.#failures = 0;
    this.#retryAt = -Infinity;
  }
}
