import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sizeLimit } from '../../sim/scenario/load.ts';
import { findFiles } from '../../sim/scenario/find-files.ts';
import type { Mistake, Scenario } from '../../sim/scenario/scenario.ts';
import { readText } from './read-text.ts';
import { loadText } from './load-text.ts';
import { packageRoot } from '../package-root.ts';

/** What the files under some paths hold. */
export interface LoadedFiles {
  readonly scenarios: readonly Scenario[];
  /** In all files, each with its place. */
  readonly mistakes: readonly Mistake[];
  /** Texts by path. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Reads all scenario files under the paths. Without paths these are the folder `scenarios` where it is, else what
 * rehearse ships. That there is no scenario is a mistake too.
 */
export function loadFiles(given: readonly string[]): LoadedFiles {
  const paths = given.length > 0 ? given : [defaultPath()];
  const found = findFiles(paths);
  // A file may be called __proto__, which is no word of a plain object.
  const texts = new Map<string, string>();
  const scenarios = new Map<string, Scenario>();
  const mistakes: Mistake[] = [...found.mistakes];
  for (const path of found.files) {
    const file = path.replaceAll('\\', '/');
    const text = readText(path, sizeLimit);
    if (typeof text !== 'string') {
      const { line, column, message, shown } = text;
      if (shown !== undefined) texts.set(file, shown);
      mistakes.push({ file, line, column, message });
      continue;
    }
    texts.set(file, text);
    const loaded = loadText(file, text);
    if (!loaded.ok) mistakes.push(...loaded.mistakes);
    else for (const scenario of loaded.scenarios) add(scenario, scenarios, mistakes);
  }
  if (scenarios.size === 0 && mistakes.length === 0) {
    mistakes.push({ file: paths.join(', '), line: 1, column: 1, message: 'there are no .yaml files here' });
  }
  return { scenarios: [...scenarios.values()], mistakes, texts: Object.fromEntries(texts) };
}

function defaultPath(): string {
  const isHere = statSync('scenarios', { throwIfNoEntry: false })?.isDirectory() === true;
  return isHere ? 'scenarios' : relative('', join(packageRoot, 'scenarios'));
}

/** Results are kept by ID, so two scenarios with one ID would hide each other. */
function add(scenario: Scenario, scenarios: Map<string, Scenario>, mistakes: Mistake[]): void {
  const twin = scenarios.get(scenario.id);
  if (twin === undefined) {
    scenarios.set(scenario.id, scenario);
    return;
  }
  const other = twin.file === scenario.file ? `the variant ${twin.variant}` : twin.file;
  const message = `${scenario.variant === '' ? 'the file' : `the variant ${scenario.variant}`} has the ID ${scenario.id}, and so has ${other}; name one of them otherwise`;
  mistakes.push({ file: scenario.file, line: 1, column: 1, message });
}
