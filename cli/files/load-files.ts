import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { attacks } from '../../sim/attacks/catalogue.ts';
import { type Loaded, loadScenarios, type Scenario, sizeLimit, type Vocabulary } from '../../sim/scenario/load.ts';
import { suggest } from '../../sim/scenario/mistakes/suggest.ts';
import { findFiles } from '../../sim/scenario/find-files.ts';
import type { Mistake } from '../../sim/scenario/mistakes/mistake.ts';
import { steps } from '../../sim/steps/index.ts';
import { packageRoot } from '../package-root.ts';
import { asId, type ChosenPath, chosenPath } from './chosen-path.ts';
import { nearScenarios } from './near-scenarios.ts';
import { topics } from './topics.ts';
import { readText } from './read-text.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';

/** The contents of all scenario files below some paths. */
export interface LoadedFiles {
  readonly scenarios: readonly Scenario[];
  /** The mistakes in all files, each with line and column. */
  readonly mistakes: readonly Mistake[];
  /** Texts by path. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Reads all scenario files below the paths. Default: the folder `scenarios` if it exists, otherwise the shipped scenarios. A path may be the
 * ID of a scenario, such as `qa/pump#late`; then only this variant of its file counts. Returns a mistake if the paths contain no scenario
 * file.
 */
export function loadFiles(given: readonly string[]): LoadedFiles {
  const chosen = scenarioPaths(given).map(chosenPath);
  const paths = chosen.map(({ path }) => path);
  const found = findFiles(paths, (path) => nearScenarios(path, idsIn));
  // A file may be called __proto__, which a plain object cannot have as a key.
  const texts = new Map<string, string>();
  const scenarios = new Map<string, Scenario>();
  const mistakes: Mistake[] = [...found.mistakes];
  for (const path of found.files) {
    const file = forwardSlashes(path);
    const text = readText(path, sizeLimit);
    if (!text.ok) {
      const { line, column, sentence, shown } = text.failure;
      if (shown !== undefined) texts.set(file, shown);
      mistakes.push({ file, line, column, message: sentence });
      continue;
    }
    texts.set(file, text.value);
    const loaded = loadText(file, text.value);
    if (!loaded.ok) mistakes.push(...loaded.mistakes);
    else for (const scenario of loaded.scenarios) add(scenario, scenarios, mistakes);
  }
  if (scenarios.size === 0 && mistakes.length === 0) {
    mistakes.push({
      file: paths.join(', '),
      line: 1,
      column: 1,
      message: 'no .yaml files found; name a scenario file, or a folder that contains one',
    });
  }
  const wanted = onlyChosen([...scenarios.values()], chosen);
  return { ...wanted, mistakes: [...mistakes, ...wanted.mistakes], texts: Object.fromEntries(texts) };
}

/** Returns the IDs of the scenarios in a file; none if the file cannot be read or has a mistake. */
export function idsIn(file: string): readonly string[] {
  const text = readText(file, sizeLimit);
  const loaded = text.ok ? loadText(file, text.value) : undefined;
  return loaded?.ok === true ? loaded.scenarios.map(({ id }) => id) : [];
}

/** Removes the variants that the user did not choose, if the user named a file only with a variant. Reports unknown variants. */
function onlyChosen(
  scenarios: readonly Scenario[],
  chosen: readonly ChosenPath[],
): { readonly scenarios: readonly Scenario[]; readonly mistakes: readonly Mistake[] } {
  if (chosen.every(({ variant }) => variant === undefined)) return { scenarios, mistakes: [] };
  const mistakes: Mistake[] = [];
  const wanted = new Set<Scenario>();
  for (const { path, variant } of chosen) {
    const files = new Set(findFiles([path]).files.map((file) => asId(file)));
    const inFile = scenarios.filter(({ file }) => files.has(asId(file)));
    const fitting =
      variant === undefined
        ? inFile
        : inFile.filter((one) => one.variant === variant || one.id.endsWith(`#${variant}`));
    for (const scenario of fitting) wanted.add(scenario);
    if (variant === undefined || fitting.length > 0 || inFile.length === 0) continue;
    mistakes.push({ file: `${path}#${variant}`, line: 1, column: 1, message: unknownVariant(variant, inFile) });
  }
  return { scenarios: scenarios.filter((one) => wanted.has(one)), mistakes };
}

function unknownVariant(variant: string, inFile: readonly Scenario[]): string {
  const ids = inFile.filter((one) => one.variant !== '').map(({ id }) => id.slice(id.indexOf('#') + 1));
  if (ids.length === 0) return `this file has no variants; remove "#${variant}"`;
  const near = suggest(variant, ids) || `; the variants are ${ids.slice(0, variantsShown).join(', ')}`;
  return `this file has no variant "${variant}"${near}${ids.length > variantsShown ? ' …' : ''}`;
}

/** A matrix can have a thousand entries. */
const variantsShown = 10;

/** Reads the text of a scenario file with the shipped vocabulary. Returns its scenarios, or all its mistakes. */
export function loadText(file: string, text: string): Loaded {
  const known = latest.get(file);
  if (known?.text === text) return known.loaded;
  const loaded = loadScenarios(file, text, vocabulary());
  latest.set(file, { text, loaded });
  return loaded;
}

/**
 * Returns the names that scenario files may use: steps, topics and attacks. A step or an expectation has the name of its file in
 * `sim/steps` or `core/run/expectations`.
 */
export function vocabulary(): Vocabulary {
  return { steps, topics: topics().map(({ id }) => id), attacks: attacks.map(({ id }) => id) };
}

/**
 * The text that was last read from each file, and its parsed result. So a process that checks a file and then runs its variants parses the
 * file only once. The scenarios are frozen.
 */
const latest = new Map<string, { readonly text: string; readonly loaded: Loaded }>();

/** Returns the given paths. Default: the folder `scenarios` if it exists, otherwise the shipped scenarios. */
export function scenarioPaths(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  const isHere = statSync('scenarios', { throwIfNoEntry: false })?.isDirectory() === true;
  return [isHere ? 'scenarios' : relative('', join(packageRoot, 'scenarios'))];
}

/** Adds a scenario. Results are stored by ID, so a second scenario with the same ID is a mistake. */
function add(scenario: Scenario, scenarios: Map<string, Scenario>, mistakes: Mistake[]): void {
  const twin = scenarios.get(scenario.id);
  if (twin === undefined) {
    scenarios.set(scenario.id, scenario);
    return;
  }
  const other = twin.file === scenario.file ? `the variant ${twin.variant}` : twin.file;
  const message = `${scenario.variant === '' ? 'the file' : `the variant ${scenario.variant}`} has the ID ${scenario.id}, which ${other} already has; rename one of them`;
  mistakes.push({ file: scenario.file, line: 1, column: 1, message });
}
