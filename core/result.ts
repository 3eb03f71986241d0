/** An expected failure as data: programs branch on `code`, people read `sentence`. */
export interface Failure {
  /** Stable identifier in kebab case, such as `name-taken`. */
  readonly code: string;
  /** States the value found, the expected value and the remedy. */
  readonly sentence: string;
}

/**
 * The outcome of an action that can fail for an expected reason. If the program has a bug, the action throws an error
 * instead.
 *
 * `F` is a `Failure`, or the error that a service sends (`Problem`, `HubProblem`).
 */
export type Result<T, F = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: F };

/** The outcome of an action that succeeded and returns no value. */
export const done: Result<undefined, never> = { ok: true, value: undefined };

/** Wraps the value of a success. */
export function succeeded<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** Wraps an expected failure. */
export function failed<Code extends string>(
  code: Code,
  sentence: string,
): Result<never, Failure & { readonly code: Code }> {
  return { ok: false, failure: { code, sentence } };
}

/** Wraps a failure that is already data, such as the error that a service sends. */
export function failedWith<F>(failure: F): Result<never, F> {
  return { ok: false, failure };
}
