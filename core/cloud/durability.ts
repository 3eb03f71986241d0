/**
 * Reports when the changes of a cloud are stored durably. The listeners send an answer only after the changes of its request
 * are durable.
 */
export interface Durability {
  /** Number of changes so far. */
  readonly changes: number;
  /**
   * Calls `then` with true as soon as all changes so far are durable. If they are durable already, calls `then` at
   * once. Calls `then` with false if the changes could not be stored in time.
   *
   * @param since value of `changes` before the request. If the request changed nothing, the method calls `then` at
   *   once. Default: waits for all changes.
   */
  whenDurable(then: (isDurable: boolean) => void, since?: number): void;
}

/** The durability of a cloud that does not store its changes. Its answers never wait. */
export const alwaysDurable: Durability = { changes: 0, whenDurable: (then) => then(true) };
