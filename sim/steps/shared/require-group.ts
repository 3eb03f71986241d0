import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Returns the enrollment group with this name.
 * @throws StepProblem if an earlier step deleted it.
 */
export function requireGroup(operator: Pick<CloudOperator, 'enrollmentGroup'>, id: string): EnrollmentGroup {
  const group = operator.enrollmentGroup(id);
  if (group === undefined) {
    throw new StepProblem(
      `an earlier step deleted the enrollment group "${id}"; move this step before it or name another group`,
    );
  }
  return group;
}
