/**
 * Saves all results before an action such as printing a result, so that no printed result is lost. Actions that arrive soon after a save
 * wait for the next save. In a large suite, a save for every scenario would take longer than the scenarios.
 */
export class SavedFirst {
  readonly #save: () => void;
  #waiting: (() => void)[] = [];
  #pause: NodeJS.Timeout | undefined;

  /** @param save writes all results so far. */
  constructor(save: () => void) {
    this.#save = save;
  }

  /** Saves, then runs `action`. Soon after a save, the action waits for the next save, so that saving takes at most 0.5 % of the time. */
  run(action: () => void): void {
    this.#waiting.push(action);
    if (this.#pause === undefined) this.#flush();
  }

  /** If actions are waiting, saves the results and runs them now. Cancels the timer, so nothing runs after this call. */
  end(): void {
    this.#flush();
    clearTimeout(this.#pause);
  }

  #flush(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    if (this.#waiting.length === 0) return;
    const startedAt = performance.now();
    this.#save();
    for (const action of this.#waiting.splice(0)) action();
    this.#pause = setTimeout(() => this.#flush(), (performance.now() - startedAt) * pausePerSave);
  }
}

/** The pause after a save lasts this many times as long as the save, so that saving takes at most a two-hundredth of the time. */
const pausePerSave = 200;
