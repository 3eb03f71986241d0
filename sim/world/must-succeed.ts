import type { Result } from '../../core/result.ts';
import { StepProblem } from './step-problem.ts';

/**
 * Returns the value of a successful result.
 * @throws StepProblem with `context` followed by the sentence of the failure.
 */
export function mustSucceed<T>(result: Result<T>, context: string): T {
  if (!result.ok) throw new StepProblem(`${context}: ${result.failure.sentence}`);
  return result.value;
}
