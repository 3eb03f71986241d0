import type { Millis } from '../../../core/time/clock.ts';
import type { Quota } from '../../../core/rules/quota.ts';

/**
 * A quota for each device. Deletes quotas that no request used for a whole window, because they have full capacity
 * again. Replaces a whole map at a time, which costs the same for any number of devices.
 */
export class QuotaByDevice {
  readonly #create: () => Quota;
  readonly #windowMs: number;
  /** Quotas that requests used since the last replacement of the maps. */
  #recent = new Map<string, Quota>();
  /** Quotas that requests used before the last replacement of the maps, but not since. */
  #former = new Map<string, Quota>();
  #changedAt: Millis = 0;

  /** @param windowMs time after which an unused quota has full capacity. */
  constructor(create: () => Quota, windowMs: number) {
    this.#create = create;
    this.#windowMs = windowMs;
  }

  /** Returns the quota of a device. @param key the result of `registrationKey` for the device. */
  of(key: string, now: Millis): Quota {
    if (now - this.#changedAt >= this.#windowMs || this.#recent.size >= devicesKept) this.#change(now);
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const quota = this.#former.get(key) ?? this.#create();
    this.#recent.set(key, quota);
    return quota;
  }

  #change(now: Millis): void {
    this.#former = this.#recent;
    this.#recent = new Map();
    this.#changedAt = now;
  }
}

/** Bounds the memory, so that a client that polls with a new name each time cannot exhaust the memory. */
const devicesKept = 20_000;
