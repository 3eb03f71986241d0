import type { OtherRegistrations } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Fleet } from './fleet.ts';
import type { TakeLog } from './take-log.ts';

/**
 * The requests of the simulated devices of a step, for a quota that also gets the requests of the real devices over connections.
 *
 * The quota must count all requests in the order of the simulation log. Requests in different milliseconds always have this order. Within
 * one millisecond, the real devices may connect in another order, because the simulation skips ordinary visits. So this class counts the
 * earlier requests of the log in the same millisecond, even before the real devices send them. A request that the quota refused is not in
 * the log: it comes after all accepted requests of its millisecond, because the quota has no capacity left in that millisecond.
 */
export class OthersInOrder implements OtherRegistrations {
  readonly #log: TakeLog;
  readonly #fleet: Fleet;
  readonly #real: ReadonlySet<number>;
  /** For each real device: positions in the log of the requests that it has not sent yet, earliest first. */
  readonly #unsent: ReadonlyMap<number, number[]>;
  /** Positions in the log of requests that the quota has counted before the real device sends them. */
  readonly #early = new Set<number>();
  /** The first position in the log that the quota has not counted. */
  #next = 0;

  constructor(log: TakeLog, real: ReadonlySet<number>, fleet: Fleet) {
    this.#log = log;
    this.#real = real;
    this.#fleet = fleet;
    this.#unsent = new Map([...log.placesOf(real)].map(([device, places]) => [device, [...places]]));
  }

  countBefore(registrationId: string, now: Millis, take: (at: Millis) => boolean): boolean {
    const place = this.#placeOfRequest(this.#fleet.indexOf(registrationId), now);
    const end = place ?? this.#log.length;
    for (; this.#next < end && this.#log.timeOf(this.#next) <= now; this.#next++) {
      const at = this.#log.timeOf(this.#next);
      const device = this.#log.deviceOf(this.#next);
      if (!this.#real.has(device)) take(at);
      else if (at === now && this.#isUnsent(device, this.#next) && take(at)) this.#early.add(this.#next);
    }
    return place !== undefined && this.#early.delete(place);
  }

  countRest(take: (at: Millis) => boolean): void {
    for (; this.#next < this.#log.length; this.#next++) {
      if (!this.#real.has(this.#log.deviceOf(this.#next))) take(this.#log.timeOf(this.#next));
    }
  }

  /**
   * Returns the position in the log of the request that a device sends now, and notes the request as sent; undefined if the log has no such
   * request.
   */
  #placeOfRequest(device: number, now: Millis): number | undefined {
    const places = this.#unsent.get(device);
    if (places === undefined) return undefined;
    // The real device did not send these requests, because it differs from its simulation.
    while (places[0] !== undefined && this.#log.timeOf(places[0]) < now) places.shift();
    return places[0] !== undefined && this.#log.timeOf(places[0]) === now ? places.shift() : undefined;
  }

  #isUnsent(device: number, place: number): boolean {
    return this.#unsent.get(device)?.includes(place) === true;
  }
}
