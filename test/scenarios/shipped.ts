import { loadFiles } from '../../cli/files/load-files.ts';
import type { Scenario } from '../../sim/scenario/load.ts';

let loaded: readonly Scenario[] | undefined;

/** Returns every variant of the shipped scenarios. */
export function shipped(): readonly Scenario[] {
  if (loaded !== undefined) return loaded;
  const { scenarios, mistakes } = loadFiles(['scenarios']);
  if (mistakes.length > 0) throw new Error(mistakes.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  loaded = scenarios;
  return loaded;
}
