/**
 * Says things once they are saved, and saves no more often than is cheap: what has come to be said meanwhile is saved at
 * once and said together. Each save writes all that is known, so a save for every scenario of a large suite would take
 * longer than the scenarios.
 */
export class SavedFirst {
  readonly #save: () => void;
  #unsaid: (() => void)[] = [];
  #rest: NodeJS.Timeout | undefined;

  /** @param save writes down all that is known. */
  constructor(save: () => void) {
    this.#save = save;
  }

  /** Has it saved and says it: now, or after the rest that the last save earned. */
  say(something: () => void): void {
    this.#unsaid.push(something);
    if (this.#rest === undefined) this.#flush();
  }

  /** Saves and says what is still to be said. Nothing comes by itself after it. */
  end(): void {
    this.#flush();
    clearTimeout(this.#rest);
  }

  #flush(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    if (this.#unsaid.length === 0) return;
    const startedAt = performance.now();
    this.#save();
    for (const something of this.#unsaid.splice(0)) something();
    this.#rest = setTimeout(() => this.#flush(), (performance.now() - startedAt) * restPerSave);
  }
}

/** So that saving takes a fiftieth of the time at the most. */
const restPerSave = 50;
