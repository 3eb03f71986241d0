/** Reports when the changes of a cloud are durable. The answer to a request is sent after its changes are durable. */
export interface Durability {
  /** Number of changes so far. */
  readonly changes: number;
  /**
   * Calls `then` with true when all changes so far are durable, synchronously if they already are. Calls it with false if they could
   * not be stored in time.
   *
   * @param since value of `changes` before the work. If there was no change since, `then` is called at once. Default: waits for all
   *   changes.
   */
  whenDurable(then: (isDurable: boolean) => void, since?: number): void;
}

/** For a cloud that is not stored. */
export const alwaysDurable: Durability = { changes: 0, whenDurable: (then) => then(true) };
