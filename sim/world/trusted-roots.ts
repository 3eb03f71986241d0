import type { Cloud } from '../../core/cloud/cloud.ts';
import { StepProblem } from './step-problem.ts';

/**
 * Returns the server roots with these names, in DER. The loader accepts the names of all public roots, but the cloud may lack some of them.
 * @throws StepProblem if the cloud has no root with one of the names.
 */
export function trustedRoots({ serverRoots }: Pick<Cloud, 'serverRoots'>, names: readonly string[]): readonly Buffer[] {
  return names.map((name) => {
    const root = serverRoots.get(name);
    if (root !== undefined) return root;
    throw new StepProblem(
      `the cloud has no server root "${name}", found ${[...serverRoots.keys()].join(', ')}; list it under \`cloud: serverRoots:\``,
    );
  });
}
