import type { Result } from '../../core/result.ts';

/** Returns the value of a success. A failure fails the test with its sentence. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`unexpected failure: ${result.failure.sentence}`);
  return result.value;
}

/** Returns the sentence of a failure. A success fails the test. */
export function failureOf(result: Result<unknown>): string {
  if (result.ok) throw new Error(`expected a failure, found ${JSON.stringify(result.value)}`);
  return result.failure.sentence;
}
