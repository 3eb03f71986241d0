import type { OtherRegistrations } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Fleet } from './fleet.ts';

/** The register requests of a step that counted against the quota, in their order. */
export class TakeLog {
  #times = new Float64Array(1024);
  #devices = new Int32Array(1024);
  #length = 0;

  add(device: number, at: Millis): void {
    if (this.#length === this.#times.length) {
      const times = new Float64Array(this.#length * 2);
      times.set(this.#times);
      this.#times = times;
      const devices = new Int32Array(this.#length * 2);
      devices.set(this.#devices);
      this.#devices = devices;
    }
    this.#times[this.#length] = at;
    this.#devices[this.#length] = device;
    this.#length++;
  }

  /**
   * Returns the requests of all devices but `real`, whose own requests reach the service over their connections.
   *
   * A request that the quota refuses comes after all accepted ones of its millisecond, because the quota has no room until the next
   * one. A request that the quota accepts is in the log itself.
   */
  others(real: ReadonlySet<number>, fleet: Fleet): OtherRegistrations {
    const own = this.#placesOf(real);
    let next = 0;
    const upTo = function* (this: TakeLog, end: number, until: Millis): Iterable<Millis> {
      for (; next < this.#length && next < end && (this.#times[next] ?? 0) <= until; next++) {
        if (!real.has(this.#devices[next] ?? 0)) yield this.#times[next] ?? 0;
      }
    }.bind(this);
    return {
      before: (registrationId, now) => {
        const places = own.get(fleet.indexOf(registrationId)) ?? [];
        const place = places.find((each) => each >= next && (this.#times[each] ?? 0) >= now);
        return upTo(place ?? this.#length, now);
      },
      rest: () => upTo(this.#length, Infinity),
    };
  }

  #placesOf(real: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> {
    const places = new Map<number, number[]>();
    for (let place = 0; place < this.#length; place++) {
      const device = this.#devices[place] ?? 0;
      if (!real.has(device)) continue;
      const known = places.get(device);
      if (known === undefined) places.set(device, [place]);
      else known.push(place);
    }
    return places;
  }
}
