import type { Authority } from '../../pki/authority.ts';
import { StepProblem, type World } from '../../world/world.ts';

/** The CA of that name. @throws StepProblem where there is none. */
export function authorityOf(world: Pick<World, 'authorities'>, name: string): Authority {
  const authority = world.authorities.get(name);
  if (authority === undefined) throw new StepProblem(`no CA is called "${name}"`);
  return authority;
}
