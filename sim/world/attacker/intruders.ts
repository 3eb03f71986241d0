import type { KeyExposure } from '../../key-stores/key-store.ts';

/** Access of attackers to devices. It determines whether they can use a key that cannot be copied. */
export class Intruders {
  readonly #holding = new Set<string>();
  readonly #running = new Set<string>();

  /**
   * Records that an attacker takes the device and installs code on it.
   * @param device name of the device.
   */
  enter(device: string): void {
    this.#holding.add(device);
    this.#running.add(device);
  }

  /** Records that the owner gets the device back. The code of the attacker stays on the device. */
  giveBack(device: string): void {
    this.#holding.delete(device);
  }

  /** Records that all software of the device is reinstalled. This removes the code of the attacker. */
  wipe(device: string): void {
    this.#running.delete(device);
  }

  /** Returns true if an attacker can use a key with this exposure in the device now. */
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
