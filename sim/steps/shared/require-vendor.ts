import type { ThirdPartyPki } from '../../pki/third-party.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { WorldPki } from '../../world/world-pki.ts';

/**
 * Returns the vendor that operates the CA with this name.
 * @throws StepProblem if the manufacturer operates the CA.
 */
export function requireVendor({ vendors }: Pick<WorldPki, 'vendors'>, name: string): ThirdPartyPki {
  const vendor = vendors.get(name);
  if (vendor === undefined) {
    throw new StepProblem(
      `the manufacturer runs the CA "${name}", but a vendor is expected; give the CA \`kind: third-party\`, or use issue-certificate`,
    );
  }
  return vendor;
}
