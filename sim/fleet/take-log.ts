import type { OtherRegistrations } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Fleet } from './fleet.ts';

/** The register requests of a step that counted against the quota, in their order. */
export class TakeLog {
  /** Blocks of equal length, so that a long log is never copied. */
  readonly #blocks: { readonly times: Float64Array; readonly devices: Int32Array }[] = [];
  #length = 0;

  add(device: number, at: Millis): void {
    const place = this.#length % blockLength;
    if (place === 0) this.#blocks.push({ times: new Float64Array(blockLength), devices: new Int32Array(blockLength) });
    const block = this.#blocks.at(-1);
    if (block === undefined) return;
    block.times[place] = at;
    block.devices[place] = device;
    this.#length++;
  }

  /**
   * Returns the requests of all devices except the real ones, whose requests reach the service over real connections.
   *
   * The position of a request in the log decides which requests come before it. A request that the quota refused is not in the log: it
   * comes after all accepted requests of its millisecond, because the quota has no capacity left in that millisecond.
   */
  others(real: ReadonlySet<number>, fleet: Fleet): OtherRegistrations {
    const own = this.#placesOf(real);
    let next = 0;
    const upTo = function* (this: TakeLog, end: number, until: Millis): Iterable<Millis> {
      for (; next < this.#length && next < end && this.#timeOf(next) <= until; next++) {
        if (!real.has(this.#deviceOf(next))) yield this.#timeOf(next);
      }
    }.bind(this);
    return {
      before: (registrationId, now) => {
        const places = own.get(fleet.indexOf(registrationId)) ?? [];
        const place = places.find((each) => each >= next && this.#timeOf(each) >= now);
        return upTo(place ?? this.#length, now);
      },
      rest: () => upTo(this.#length, Infinity),
    };
  }

  /** Returns the instants of the requests of some devices, by device. */
  instantsOf(devices: ReadonlySet<number>): ReadonlyMap<number, readonly Millis[]> {
    return new Map(
      [...this.#placesOf(devices)].map(([device, places]) => [device, places.map((place) => this.#timeOf(place))]),
    );
  }

  #placesOf(devices: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> {
    const places = new Map<number, number[]>();
    for (let place = 0; place < this.#length; place++) {
      const device = this.#deviceOf(place);
      if (!devices.has(device)) continue;
      const known = places.get(device);
      if (known === undefined) places.set(device, [place]);
      else known.push(place);
    }
    return places;
  }

  #timeOf(place: number): Millis {
    return this.#blocks[Math.floor(place / blockLength)]?.times[place % blockLength] ?? 0;
  }

  #deviceOf(place: number): number {
    return this.#blocks[Math.floor(place / blockLength)]?.devices[place % blockLength] ?? 0;
  }
}

const blockLength = 16_384;
