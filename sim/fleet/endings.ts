import type { Ending } from './registrations.ts';

/** The outcomes of the attempts of many devices. Stores equal outcomes only once. */
export class Endings {
  readonly #numbers: Uint8Array;
  readonly #list: Ending[] = [];
  readonly #known = new Map<string, number>();
  #last: Ending | undefined;
  #lastNumber = 0;

  constructor(devices: number) {
    this.#numbers = new Uint8Array(devices);
  }

  set(device: number, ending: Ending): void {
    this.#numbers[device] = ending === this.#last ? this.#lastNumber : this.#numberOf(ending);
  }

  of(device: number): Ending {
    const ending = this.#list[this.#numbers[device] ?? 0];
    if (ending === undefined) throw new Error(`device ${device} of the fleet has no ending`);
    return ending;
  }

  #numberOf(ending: Ending): number {
    const key = `${ending.outcome} ${ending.check ?? ''} ${ending.errorCode ?? ''}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.#list.push(ending) - 1;
      this.#known.set(key, number);
    }
    this.#last = ending;
    this.#lastNumber = number;
    return number;
  }
}
