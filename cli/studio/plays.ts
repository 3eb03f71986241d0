import type { Play } from './play.ts';

/** The last 20 plays of a studio, by number from 1. */
export class Plays {
  readonly #plays = new Map<number, StoredPlay>();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  /** The running play. At most one play runs, because each play needs the programs of the machine exclusively. */
  get current(): Play | undefined {
    const play = this.#plays.get(this.#last)?.play;
    return play?.state.kind === 'over' ? undefined : play;
  }

  add(play: Play, changed: readonly string[]): number {
    this.#last++;
    this.#plays.set(this.#last, { play, changed });
    for (const number of this.#plays.keys()) if (number <= this.#last - storedPlays) this.#plays.delete(number);
    return this.#last;
  }

  find(number: number): StoredPlay | undefined {
    return this.#plays.get(number);
  }

  list(): readonly (readonly [number, StoredPlay])[] {
    return [...this.#plays];
  }
}

export interface StoredPlay {
  readonly play: Play;
  /** Descriptions of the changes that the presenter made to the text of the file. */
  readonly changed: readonly string[];
}

const storedPlays = 20;
