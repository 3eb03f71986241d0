import { programsIn, programsRefused } from '../../sim/programs/programs-in.ts';
import type { LoadedFiles } from '../files/load-files.ts';
import type { Plan } from './plan.ts';

/** Returns a sentence if a chosen scenario would start programs, which the user has not allowed; otherwise undefined. */
export function refusedPrograms({ scenarios }: LoadedFiles, plan: Plan): string | undefined {
  const chosen = new Set(plan.scenarios.map(({ id }) => id));
  const refused = scenarios.find((scenario) => chosen.has(scenario.id) && programsIn(scenario).length > 0);
  return refused === undefined ? undefined : `${refused.file}: ${programsRefused(programsIn(refused))}`;
}
