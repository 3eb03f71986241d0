import type { KeyExposure } from '../../key-stores/key-store.ts';

/** Who got at which device, and how far: what decides whether a key that cannot be copied can still be used. */
export class Intruders {
  readonly #holding = new Set<string>();
  readonly #running = new Set<string>();

  /** Somebody has the device in hand, and leaves code on it. @param device its name. */
  enter(device: string): void {
    this.#holding.add(device);
    this.#running.add(device);
  }

  /** The device is back with its owner; the code stays. */
  giveBack(device: string): void {
    this.#holding.delete(device);
  }

  /** All software of the device is installed anew. */
  wipe(device: string): void {
    this.#running.delete(device);
  }

  /** Whether what was taken can be used now. */
  canUse(device: string, exposure: KeyExposure): boolean {
    switch (exposure) {
      case 'copy':
        return true;
      case 'use-with-code':
        return this.#running.has(device);
      case 'use-while-held':
        return this.#holding.has(device);
    }
  }
}
