import type { Millis } from '../../core/time/clock.ts';

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

  /** Number of requests. */
  get length(): number {
    return this.#length;
  }

  /** Returns the instants of the requests of some devices, by device. */
  instantsOf(devices: ReadonlySet<number>): ReadonlyMap<number, readonly Millis[]> {
    return new Map(
      [...this.placesOf(devices)].map(([device, places]) => [device, places.map((place) => this.timeOf(place))]),
    );
  }

  /** Returns the positions in the log of the requests of some devices, by device, earliest first. */
  placesOf(devices: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> {
    const places = new Map<number, number[]>();
    for (let place = 0; place < this.#length; place++) {
      const device = this.deviceOf(place);
      if (!devices.has(device)) continue;
      const known = places.get(device);
      if (known === undefined) places.set(device, [place]);
      else known.push(place);
    }
    return places;
  }

  /** Returns the instant of the request at a position in the log, in milliseconds since 1970. */
  timeOf(place: number): Millis {
    return this.#blocks[Math.floor(place / blockLength)]?.times[place % blockLength] ?? 0;
  }

  deviceOf(place: number): number {
    return this.#blocks[Math.floor(place / blockLength)]?.devices[place % blockLength] ?? 0;
  }
}

const blockLength = 16_384;
