import type { OtherRegistrations } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Fleet } from './fleet.ts';
import type { TakeLog } from './take-log.ts';

/**
 * The requests of the simulated devices of a step, for a quota that also gets the requests of the real devices over connections.
 *
 * One order holds for simulation and service: the order of the log. Requests of different milliseconds have this order by themselves. In one
 * millisecond, the real devices may connect in another order than the simulation computed, because the simulation skips ordinary visits. So
 * this class also counts the request of a real device that comes later in this millisecond, if its place in the log is earlier. A request
 * that the quota refused is not in the log: it comes after all accepted requests of its millisecond, because the quota has no capacity left
 * in that millisecond.
 */
export class OthersInOrder implements OtherRegistrations {
  readonly #log: TakeLog;
  readonly #fleet: Fleet;
  readonly #real: ReadonlySet<number>;
  /** Places in the log of the requests that each real device has not sent yet, earliest first. */
  readonly #unsent: ReadonlyMap<number, number[]>;
  /** Places of requests of real devices that are counted although the device has not sent them yet. */
  readonly #early = new Set<number>();
  /** The first place that is not counted. */
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

  /** Returns the place of the request that a device sends now, and notes it as sent; undefined if it is not in the log. */
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
