import type { Result } from '../../core/result.ts';

/** Returns the value of a successful Result. If it is a failure, the test fails with the sentence of the failure. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`unexpected failure: ${result.failure.sentence}`);
  return result.value;
}

/** Returns the sentence of a failed Result. If it is a success, the test fails. */
export function failureOf(result: Result<unknown>): string {
  if (result.ok) throw new Error(`expected a failure, found ${JSON.stringify(result.value)}`);
  return result.failure.sentence;
}
