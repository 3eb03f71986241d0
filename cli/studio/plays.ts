import type { Play } from './play.ts';

/** The plays of a studio, by number from 1; the oldest are forgotten. */
export class Plays {
  readonly #plays = new Map<number, KeptPlay>();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  /** The one that goes on; there is one at a time, since each of them has the machine's parts to itself. */
  get current(): Play | undefined {
    const play = this.#plays.get(this.#last)?.play;
    return play?.state.kind === 'over' ? undefined : play;
  }

  add(play: Play, changed: readonly string[]): number {
    this.#last++;
    this.#plays.set(this.#last, { play, changed });
    for (const number of this.#plays.keys()) if (number <= this.#last - keptPlays) this.#plays.delete(number);
    return this.#last;
  }

  find(number: number): KeptPlay | undefined {
    return this.#plays.get(number);
  }

  list(): readonly (readonly [number, KeptPlay])[] {
    return [...this.#plays];
  }
}

export interface KeptPlay {
  readonly play: Play;
  /** What was changed in the file for it, in words. */
  readonly changed: readonly string[];
}

const keptPlays = 20;
