import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import type { Expectation } from '../../core/run/expectations/index.ts';
import type { BoundStep, StepKind } from '../steps/define-step.ts';
import { checkDuplicates } from './mistakes/check-duplicates.ts';
import { below, StepChecks } from './mistakes/check-step.ts';
import {
  mistakesAtMost,
  shown,
  mistakesOfIssue,
  withoutMisspelt,
  type FoundMistake,
} from './mistakes/issue-sentence.ts';
import type { Variant } from './matrix.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { placeMistake } from './mistakes/place-mistake.ts';
import type { Names } from './mistakes/references.ts';
import { expectationSchema } from './schema.ts';
import { insideSentence, misplacedSentence, misplacedWords } from './mistakes/misplaced-words.ts';
import { isExpectMisspelt, isMisspelt, unknownStepWord, wordsBeside } from './mistakes/misspelt-words.ts';
import { duration, reference } from './words/words.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** One step of a timeline, with validated arguments. */
export interface Step extends BoundStep {
  /** Position of the step in the timeline, from 0. */
  readonly index: number;
  /** Line of the step in the file, from 1. */
  readonly line: number;
  readonly column: number;
  /** Wait before the step, as an ISO 8601 duration. */
  readonly after?: string;
  /** Name of the station that does the step. */
  readonly at?: string;
  readonly expect?: PlacedExpectation;
  /**
   * Attempts to which `expect` applies: `each`, or the `last` attempt of each device. `count`: `expect` applies to the result of the step.
   */
  readonly expects: 'each' | 'last' | 'count';
}

/** An assertion under `expect` with its line and column, so that a failure report can show it. */
interface PlacedExpectation {
  readonly line: number;
  readonly column: number;
  readonly words: Expectation;
}

interface Reading {
  readonly variant: Variant;
  readonly source: YamlSource;
  readonly kinds: readonly StepKind[];
  readonly checks: StepChecks;
  readonly mistakes: FoundMistake[];
}

/** Reads the timeline of a file. Returns its steps with validated arguments and line numbers, or its mistakes. */
export function readTimeline(
  variant: Variant,
  source: YamlSource,
  kinds: readonly StepKind[],
  names: Names,
): { readonly steps: readonly Step[]; readonly mistakes: readonly Mistake[] } {
  const { timeline } = variant.tree;
  if (!Array.isArray(timeline) || timeline.length === 0) {
    if (timeline === undefined && isMisspelt('timeline', variant.tree)) return { steps: [], mistakes: [] };
    const found =
      timeline === undefined
        ? 'the word "timeline" is missing'
        : Array.isArray(timeline)
          ? 'the timeline has no step; add one, such as "- power-on: thermostat"'
          : `expected a list of steps such as "- power-on: thermostat", found ${shown(timeline)}`;
    return { steps: [], mistakes: [source.mistakeAt(['timeline'], found)] };
  }
  const reading: Reading = {
    variant,
    source,
    kinds,
    checks: new StepChecks(variant.tree, kinds, names),
    mistakes: [],
  };
  const steps: Step[] = [];
  for (const [index, entry] of timeline.entries()) {
    if (reading.mistakes.length >= mistakesAtMost) {
      const message = `more than ${mistakesAtMost} mistakes; the rest of the file is not checked`;
      reading.mistakes.push({ path: ['timeline', index], message });
      break;
    }
    steps.push(...readStep(entry, index, reading));
  }
  if (!timeline.some((entry) => isMap(entry) && (entry['expect'] !== undefined || isExpectMisspelt(entry, kinds)))) {
    reading.mistakes.push({
      path: ['timeline'],
      message: 'no step has `expect`; add it to a step, since a scenario without expectations proves nothing',
    });
  }
  return { steps, mistakes: withoutMisspelt(reading.mistakes).map((one) => placeMistake(one, variant, source)) };
}

const atSchema = reference(
  'station',
  'The station that runs the step. Its clock dates everything that the step makes.',
);
const afterSchema = duration('ISO 8601 duration to wait before the step.');

function readStep(entry: unknown, index: number, reading: Reading): readonly Step[] {
  const { kinds, mistakes, source, variant } = reading;
  const path: Path = ['timeline', index];
  if (!isMap(entry)) {
    mistakes.push({ path, message: `expected a step such as "power-on: thermostat", found ${shown(entry)}` });
    return [];
  }
  const words = Object.keys(entry).filter((word) => !wordsBeside.includes(word));
  const known = kinds.filter((kind) => words.includes(kind.name));
  const names = kinds.map((kind) => kind.name);
  const [kind, second] = known;
  const misplaced = kind === undefined ? [] : misplacedWords(words, kind, names);
  for (const word of words.filter((one) => !names.includes(one) && !misplaced.includes(one))) {
    mistakes.push({ path, key: word, message: unknownStepWord(word, names, kind?.name) });
  }
  if (kind === undefined) {
    // If the value of a step is null in the matrix entry, this variant has no such step.
    if (variant.left.some((gone) => gone.length === 3 && gone[1] === index && gone[0] === 'timeline')) return [];
    if (words.length === 0) mistakes.push({ path, message: 'the name of a step is missing, such as power-on' });
    return [];
  }
  if (second !== undefined) {
    mistakes.push({
      path,
      key: second.name,
      message: `"${kind.name}" and "${second.name}" are two steps; write each as a list entry`,
    });
  }
  const before = mistakes.length;
  const after = readAfter(entry['after'], path, reading);
  const at = readStation(entry['at'], path, reading);
  const expect = readExpectation(entry, kind, path, reading);
  if (misplaced.length > 0) {
    mistakes.push(misplacedMistake(misplaced, entry, kind, path, variant));
    return [];
  }
  const step = readArguments(entry[kind.name], kind, path, at, reading);
  if (step === undefined || mistakes.length > before) return [];
  const place = source.placeOfKey(variant.origin(path), kind.name);
  return [
    {
      index,
      expects: kind.expects,
      ...place,
      ...defined({ after, at, expect }),
      ...step,
    },
  ];
}

/** Reports the words of a step that are written beside it. The loader then does not read the step, because these words are missing in it. */
function misplacedMistake(
  words: readonly string[],
  entry: Readonly<Record<string, unknown>>,
  kind: StepKind,
  path: Path,
  variant: Variant,
): FoundMistake {
  // Each variant has another value from the matrix, but all have the same mistake.
  const written = (word: string): unknown =>
    variant.origin([...path, word])[0] === 'matrix' ? ['from the matrix'] : entry[word];
  const values = Object.fromEntries(words.map((word) => [word, written(word)]));
  return { path, key: words[0] ?? '', message: misplacedSentence(kind, written(kind.name), values) };
}

function readAfter(written: unknown, path: Path, { checks, mistakes }: Reading): string | undefined {
  if (written === undefined) return undefined;
  const at: Path = [...path, 'after'];
  const parsed = afterSchema.safeParse(written);
  if (parsed.success) {
    mistakes.push(...below(at, checks.after(parsed.data)));
    return parsed.data;
  }
  const { issues } = parsed.error;
  mistakes.push(
    ...below(
      at,
      issues.flatMap((issue) => mistakesOfIssue(issue, afterSchema, written, 'after')),
    ),
  );
  return undefined;
}

function readStation(written: unknown, path: Path, { checks, mistakes }: Reading): string | undefined {
  if (written === undefined) return undefined;
  const at: Path = [...path, 'at'];
  if (typeof written !== 'string') {
    mistakes.push({ path: at, message: `expected the name of a station, found ${shown(written)}` });
    return undefined;
  }
  mistakes.push(...below(at, checks.names(atSchema, written)));
  return written;
}

function readExpectation(
  entry: Readonly<Record<string, unknown>>,
  kind: StepKind,
  path: Path,
  { checks, kinds, mistakes, source, variant }: Reading,
): PlacedExpectation | undefined {
  const written = entry['expect'];
  if (written === undefined) return undefined;
  const at: Path = [...path, 'expect'];
  if (!kind.registers && !kind.judges && entry['at'] === undefined) {
    const registering = kinds.filter((one) => one.registers || one.judges).map((one) => one.name);
    mistakes.push({
      path,
      key: 'expect',
      message: `the step ${kind.name} has no result to check, so \`expect\` is not allowed here; it is allowed with ${registering.join(', ')}, and in each step with \`at\``,
    });
    return undefined;
  }
  mistakes.push(...below(at, checkDuplicates(expectationSchema, written)));
  mistakes.push(...below(at, checks.names(expectationSchema, written)));
  const parsed = expectationSchema.safeParse(written);
  if (!parsed.success) {
    const { issues } = parsed.error;
    mistakes.push(
      ...below(
        at,
        issues.flatMap((issue) => mistakesOfIssue(issue, expectationSchema, written, 'expect')),
      ),
    );
    return undefined;
  }
  mistakes.push(...below(at, checks.expectation(parsed.data, entry[kind.name], kind, entry['at'] !== undefined)));
  const words = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as Expectation;
  return { ...source.placeOf(variant.origin(at)), words };
}

function readArguments(
  value: unknown,
  kind: StepKind,
  path: Path,
  station: string | undefined,
  { checks, mistakes }: Reading,
): BoundStep | undefined {
  const bare = value !== null && value !== undefined && typeof value !== 'object';
  const written = bare ? { [kind.shorthand]: value } : (value ?? {});
  // A bare value contains no paths, so the loader reports a mistake inside it at the step.
  const report = (found: readonly FoundMistake[]): void => {
    const at: Path = [...path, kind.name];
    mistakes.push(...(bare ? found.map((one) => ({ ...one, path: at })) : below(at, found)));
  };
  report(checks.args(kind, written));
  const bound = kind.bind(written);
  if (bound.ok) {
    report(checks.dates(kind, written, station));
    return bound.step;
  }
  const found = bound.issues.flatMap((issue) => mistakesOfIssue(issue, kind.args, written, kind.name));
  report(found.map((one) => (isBeside(one) ? { ...one, message: insideSentence(one.key ?? '', kind.name) } : one)));
  return undefined;
}

/** Returns true if a mistake is about a word in a step that belongs beside the step. */
function isBeside({ key, path }: FoundMistake): boolean {
  return path.length === 0 && wordsBeside.includes(key ?? '');
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that may accompany the key of a step, for the JSON Schema. */
export const frameSchema = z.strictObject({
  after: afterSchema.optional(),
  at: atSchema.optional(),
  expect: expectationSchema.optional(),
});
