import type { ThirdPartyPki } from '../../pki/third-party.ts';
import { StepProblem, type World } from '../../world/world.ts';

/** The vendor that runs the CA of that name. @throws StepProblem where the manufacturer runs it. */
export function vendorOf(world: World, name: string): ThirdPartyPki {
  const vendor = world.vendors.get(name);
  if (vendor === undefined)
    throw new StepProblem(`no vendor runs "${name}"; give it kind: third-party, or put issue-certificate`);
  return vendor;
}
