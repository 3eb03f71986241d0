import type { Authority } from '../pki/authority.ts';
import { StepProblem } from './step-problem.ts';

/**
 * Returns the CA with this name.
 * @throws StepProblem if no CA has this name.
 */
export function requireAuthority(authorities: ReadonlyMap<string, Authority>, name: string): Authority {
  const authority = authorities.get(name);
  if (authority === undefined)
    throw new StepProblem(`no CA is called "${name}"; add it under \`pki:\` or name another`);
  return authority;
}
