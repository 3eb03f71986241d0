/** Tells when what a cloud has changed is durable. An answer to a change leaves after that. */
export interface Durability {
  /** How many changes there were. */
  readonly changes: number;
  /**
   * Calls `then` as soon as all changes made so far are durable, in this turn if they are; with false if they could not be kept in
   * time.
   *
   * @param since `changes` before the work whose answer waits: if there was no change since, nothing is waited for. Default: every
   *   change is waited for.
   */
  whenDurable(then: (isDurable: boolean) => void, since?: number): void;
}

/** For a cloud that ends with its process. */
export const alwaysDurable: Durability = { changes: 0, whenDurable: (then) => then(true) };
