import type { Clock, Millis } from '../../core/time/clock.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import { forgetOldest } from '../shared/forget-oldest.ts';

/** The members of an operation that decide how long `Operations` stores it. */
interface Begun {
  readonly operationId: string;
  readonly registrationId: string;
  readonly doneAt: Millis;
}

/**
 * The operations that devices can poll. The registration quota decides how many operations with an unread result are
 * stored, so that registrations of other devices do not remove them too early.
 */
export class Operations<Operation extends Begun> {
  readonly #clock: Clock;
  readonly #unreadLimit: number;
  /** Operations whose result the device has not read yet, in the order in which they began. The operations end in the same order. */
  readonly #unread = new Map<string, Operation>();
  /**
   * Operations whose result the device has read, in the order of the first read. The answer may be lost, so the device
   * can read the result again.
   */
  readonly #read = new Map<string, Operation>();
  /** The latest operation of each device. */
  readonly #last = new Map<string, Operation>();
  #nextExpiryAt: Millis = 0;

  /** @param registrationsPerMinute the registration quota. */
  constructor(clock: Clock, registrationsPerMinute: number) {
    this.#clock = clock;
    this.#unreadLimit = Math.max(readKept, registrationsPerMinute * minutesKept);
  }

  add(operation: Operation): void {
    this.#unread.set(operation.operationId, operation);
    this.#last.set(registrationKey(operation.registrationId), operation);
    this.#expire();
    forgetOldest(this.#unread, this.#unreadLimit, this.#forgetLast);
  }

  find(operationId: string): Operation | undefined {
    return this.#unread.get(operationId) ?? this.#read.get(operationId);
  }

  /** Returns the latest operation of a device. */
  lastOf(registrationId: string): Operation | undefined {
    return this.#last.get(registrationKey(registrationId));
  }

  /** Notes that the device has read the result of an operation. */
  wasRead({ operationId }: Operation): void {
    const operation = this.#unread.get(operationId);
    if (operation === undefined) return;
    this.#unread.delete(operationId);
    this.#read.set(operationId, operation);
    forgetOldest(this.#read, readKept, this.#forgetLast);
  }

  readonly #forgetLast = (operation: Operation): void => {
    const key = registrationKey(operation.registrationId);
    if (this.#last.get(key) === operation) this.#last.delete(key);
  };

  #expire(): void {
    const now = this.#clock.now();
    if (now < this.#nextExpiryAt) return;
    this.#nextExpiryAt = now + expiryEveryMs;
    for (const kept of [this.#unread, this.#read]) {
      for (const [operationId, operation] of kept) {
        if (operation.doneAt + doneKeptMs >= now) break;
        kept.delete(operationId);
        this.#forgetLast(operation);
      }
    }
  }
}

/** Time for which a finished operation can be polled. Azure does not document the value of the real service. */
const doneKeptMs = 15 * 60 * 1000;
const expiryEveryMs = 60 * 1000;
/**
 * Bounds the memory during a flood of registrations. The store has room for the unread results of this number of
 * minutes, if devices use the whole registration quota.
 */
const minutesKept = 3;
/** Maximum number of operations whose result the device has read. The limit bounds the memory. */
const readKept = 3000;
