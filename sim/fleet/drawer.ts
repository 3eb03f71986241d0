import { countedDraw } from '../../core/counted-draw.ts';

/** Draws the random numbers of the devices of a fleet, one device after the other. */
export class Drawer {
  /** Index of the device that draws the next numbers. */
  device = 0;
  readonly #seed: number;
  readonly #counts: Uint32Array;

  /** @param counts number of random numbers that each device has drawn. `number` increments it. */
  constructor(seed: number, counts: Uint32Array) {
    this.#seed = seed;
    this.#counts = counts;
  }

  number(): number {
    const count = this.#counts[this.device] ?? 0;
    this.#counts[this.device] = count + 1;
    return countedDraw(this.#seed, this.device, count);
  }
}
