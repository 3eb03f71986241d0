import { defined } from '../../core/defined.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { StepKind } from '../steps/define-step.ts';
import { showsOf } from './expected-outcome-of.ts';
import { readVariants, type Variant } from './matrix.ts';
import { checkTwins } from './mistakes/check-twins.ts';
import { mistakesAtMost, type FoundMistake } from './mistakes/issue-sentence.ts';
import { checkHead } from './mistakes/check-head.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { labInsteadOfScenario } from './mistakes/other-kind.ts';
import { placeMistake } from './mistakes/place-mistake.ts';
import { namesIn } from './names-in.ts';
import { readTimeline, type Step } from './read-timeline.ts';
import { headSchema, type ScenarioHead } from './schema.ts';
import { YamlSource } from './yaml-source.ts';

/** One variant of a scenario file. It is frozen, and contains all data from which a run creates its simulated world. */
export interface Scenario extends Omit<ScenarioHead, 'seed' | 'shows'> {
  /** Path without its file ending, followed by the variant. It is unique within a run and does not change between runs. */
  readonly id: string;
  /** Path as the user wrote it, with `/` as the separator. */
  readonly file: string;
  /** Name of the variant, such as `validity=P90D`; empty if the file has no matrix. */
  readonly variant: string;
  /** Number of the matrix entry, from 1; absent if the file has no matrix. */
  readonly row?: number;
  readonly seed: string | undefined;
  /** Expected outcome: the author states it, or the loader derives it from the expectations. Undefined if neither gives an outcome. */
  readonly shows: ExpectedOutcome | undefined;
  readonly timeline: readonly Step[];
}

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
  const { variants, mistakes } = readVariants(source);
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
  const { timeline, ...written } = variant.tree;
  const lab = labInsteadOfScenario(variant.tree);
  if (lab !== undefined) return { ok: false, mistakes: [source.mistakeAt([], lab)] };
  const names = namesIn(written);
  const head = headSchema.safeParse(written);
  const { steps, mistakes: inTimeline } = readTimeline(variant, source, vocabulary.steps, names);
  const place = (found: FoundMistake): Mistake => placeMistake(found, variant, source);
  const inHead = checkHead(written, head, timeline, names, vocabulary).map(place);
  const mistakes = withMissing(variant, source, [...inHead, ...inTimeline, ...checkTwins(variant.tree).map(place)]);
  if (mistakes.length > 0 || !head.success) return { ok: false, mistakes };
  const { seed, shows = showsOf(steps, vocabulary.steps), ...rest } = head.data;
  const path = forwardSlashes(source.file).replace(/^\.\//, '');
  const base = path.replace(/\.ya?ml$/, '');
  const scenario: Scenario = {
    ...rest,
    seed,
    shows,
    id: variant.name === '' ? base : `${base}#${slug}`,
    file: path,
    variant: variant.name,
    ...defined({ row: variant.row }),
    timeline: steps,
  };
  return { ok: true, scenarios: [deepFreeze(scenario)] };
}

/**
 * Adds the mistakes for placeholders without a value. Removes the other mistakes at the same places, because they are only consequences.
 */
function withMissing({ name, missing }: Variant, source: YamlSource, others: readonly Mistake[]): readonly Mistake[] {
  const why =
    name === ''
      ? 'the file has no matrix; add a matrix, or write a value here'
      : `the matrix entry "${name}" does not define this word; add it to the entry`;
  const found = missing.map(({ path, word }) => source.mistakeAt(path, `\${${word}} has no value: ${why}`));
  const isMissingAt = ({ line, column }: Mistake): boolean =>
    found.some((one) => one.line === line && one.column === column);
  return [...found, ...others.filter((one) => !isMissingAt(one))];
}

/** Sorts mistakes by line and column, and removes the duplicates from several variants. */
function fail(mistakes: readonly Mistake[]): Loaded {
  const distinct = new Map(
    mistakes.map((mistake) => [`${mistake.line}:${mistake.column} ${mistake.message}`, mistake]),
  );
  return { ok: false, mistakes: [...distinct.values()].toSorted((a, b) => a.line - b.line || a.column - b.column) };
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
