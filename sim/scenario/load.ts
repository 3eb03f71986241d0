import { defined } from '../../core/defined.ts';
import type { StepKind } from '../steps/define-step.ts';
import { showsOf } from './expected-outcome-of.ts';
import { readVariants, type Variant } from './matrix.ts';
import { checkTwins } from './mistakes/check-twins.ts';
import { mistakesAtMost, shown } from './mistakes/issue-sentence.ts';
import { placeMistake, readHead } from './read-head.ts';
import { readTimeline } from './read-timeline.ts';
import type { Mistake, Scenario } from './scenario.ts';
import { YamlSource } from './yaml-source.ts';

/** The steps and IDs that a scenario file may use and that the schema does not define. */
export interface Vocabulary {
  readonly steps: readonly StepKind[];
  /** Topic IDs that `covers` may contain. */
  readonly topics: readonly string[];
  /** Attack IDs that `attack` may contain. Default: none. */
  readonly attacks?: readonly string[];
}

export type Loaded =
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/**
 * Reads a scenario file. Returns one frozen scenario per variant, or every mistake in the file with its line and column.
 * @param file path as the user wrote it. Messages and IDs contain it.
 */
export function loadScenarios(file: string, text: string, vocabulary: Vocabulary): Loaded {
  if (text.length > sizeLimit) {
    return fail([{ file, line: 1, column: 1, message: `the file is larger than ${sizeLimit / 1024} KB; split it` }]);
  }
  const source = new YamlSource(file, text);
  const broken = source.mistakes();
  if (broken.length > 0) return fail(broken);
  const read = source.value();
  if (!read.ok) return fail([read.mistake]);
  const tree = read.value;
  if (!isMap(tree))
    return fail([source.mistakeAt([], `expected a scenario with title, devices and timeline, found ${shown(tree)}`)]);
  const { variants, mistakes } = readVariants(tree, source);
  const scenarios: Scenario[] = [];
  const slugs = new Set<string>();
  for (const variant of variants) {
    if (mistakes.length >= mistakesAtMost) break;
    const one = loadVariant(variant, slugOf(variant.name, slugs), source, vocabulary);
    if (one.ok) scenarios.push(...one.scenarios);
    else mistakes.push(...one.mistakes);
  }
  return mistakes.length > 0 ? fail(mistakes) : { ok: true, scenarios };
}

/** Size limit of a scenario file, in characters. */
export const sizeLimit = 1024 * 1024;

function loadVariant(variant: Variant, slug: string, source: YamlSource, vocabulary: Vocabulary): Loaded {
  const why = variant.name === '' ? 'the file has no matrix' : `the matrix entry "${variant.name}" does not define it`;
  const missing = variant.missing.map(({ path, word }) => source.mistakeAt(path, `\${${word}} has no value: ${why}`));
  const head = readHead(variant, source, vocabulary);
  const timeline = readTimeline(variant, source, vocabulary.steps, head.names);
  // A placeholder without a value would cause more mistakes at its place. So only the missing value is reported.
  const twins = checkTwins(variant.tree).map((one) => placeMistake(one, variant, source));
  const others = [...head.mistakes, ...timeline.mistakes, ...twins].filter(
    (one) => !missing.some(({ line, column }) => line === one.line && column === one.column),
  );
  const mistakes = [...missing, ...others];
  if (mistakes.length > 0 || head.head === undefined) return { ok: false, mistakes };
  const { seed, shows = showsOf(timeline.steps, vocabulary.steps), ...rest } = head.head;
  const path = source.file.replaceAll('\\', '/').replace(/^\.\//, '');
  const base = path.replace(/\.ya?ml$/, '');
  const scenario: Scenario = {
    ...rest,
    seed,
    shows,
    id: variant.name === '' ? base : `${base}#${slug}`,
    file: path,
    variant: variant.name,
    ...defined({ row: variant.row }),
    timeline: timeline.steps,
  };
  return { ok: true, scenarios: [deepFreeze(scenario)] };
}

/** Sorts mistakes by line and column, and removes the duplicates from several variants. */
function fail(mistakes: readonly Mistake[]): Loaded {
  const distinct = new Map(
    mistakes.map((mistake) => [`${mistake.line}:${mistake.column} ${mistake.message}`, mistake]),
  );
  return { ok: false, mistakes: [...distinct.values()].toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a variant name in the form for IDs. Adds a number if two names differ only in case or punctuation. */
function slugOf(name: string, taken: Set<string>): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const base = words === '' ? 'variant' : words;
  let slug = base;
  for (let count = 2; taken.has(slug); count++) slug = `${base}-${count}`;
  taken.add(slug);
  return slug;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
