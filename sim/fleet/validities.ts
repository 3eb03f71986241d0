import { isValidAt, type Validity } from '../../core/rules/is-valid-at.ts';
import type { Millis } from '../../core/time/clock.ts';

/** The validity of one certificate for each device of a fleet. Some devices may have no certificate. */
export class Validities {
  readonly #notBefore: Float64Array;
  readonly #notAfter: Float64Array;
  readonly #read = { notBefore: 0, notAfter: 0 };

  private constructor(notBefore: Float64Array, notAfter: Float64Array) {
    this.#notBefore = notBefore;
    this.#notAfter = notAfter;
  }

  /** Returns validities for devices without a certificate. */
  static none(devices: number): Validities {
    return new Validities(new Float64Array(devices).fill(Number.NaN), new Float64Array(devices).fill(Number.NaN));
  }

  copy(): Validities {
    return new Validities(this.#notBefore.slice(), this.#notAfter.slice());
  }

  set(device: number, { notBefore, notAfter }: Validity): void {
    this.#notBefore[device] = notBefore;
    this.#notAfter[device] = notAfter;
  }

  /** Gives each device a certificate with the same validity. */
  setAll({ notBefore, notAfter }: Validity): void {
    this.#notBefore.fill(notBefore);
    this.#notAfter.fill(notAfter);
  }

  has(device: number): boolean {
    return !Number.isNaN(this.#notBefore[device] ?? Number.NaN);
  }

  /** Returns the validity of a device. The next call modifies and returns the same object. */
  of(device: number): Validity {
    this.#read.notBefore = this.#notBefore[device] ?? Number.NaN;
    this.#read.notAfter = this.#notAfter[device] ?? Number.NaN;
    return this.#read;
  }

  isValidAt(device: number, at: Millis): boolean {
    return isValidAt(this.of(device), at);
  }
}
