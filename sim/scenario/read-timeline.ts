import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import type { Expectation } from '../../core/run/expectations/index.ts';
import type { BoundStep, StepKind } from '../steps/define-step.ts';
import { parseInstant, type Millis } from '../../core/time/clock.ts';
import { afterStep, aheadBy, checkDates, nowAfter } from './mistakes/check-dates.ts';
import { checkFleetExpectation, checkFleetStep } from './mistakes/check-fleets.ts';
import { checkDuplicates } from './mistakes/check-duplicates.ts';
import {
  mistakesAtMost,
  shown,
  mistakesOfIssue,
  withoutMisspelt,
  type FoundMistake,
} from './mistakes/issue-sentence.ts';
import type { Variant } from './matrix.ts';
import { placeMistake } from './read-head.ts';
import { checkReferences, type Names } from './mistakes/references.ts';
import type { Mistake, PlacedExpectation, Step } from './scenario.ts';
import { expectationSchema, headSchema } from './schema.ts';
import { nearWords, suggest } from './mistakes/suggest.ts';
import { duration, reference, type ReferenceKind } from './words/words.ts';
import type { Path, YamlSource } from './yaml-source.ts';

interface Reading {
  readonly variant: Variant;
  readonly source: YamlSource;
  readonly kinds: readonly StepKind[];
  /** The names that a step may refer to, including the loot and the batches of earlier steps. */
  readonly names: Names & { readonly loot: string[]; readonly batch: string[] };
  readonly mistakes: FoundMistake[];
  /** Earliest start of the next step. It is undefined if that is after the end of virtual time, which the loader then has reported. */
  earliest: Millis | undefined;
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
    names: { ...names, loot: [], batch: [] },
    mistakes: [],
    earliest: startOf(variant.tree),
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
      message: 'no step has expect; add one, since a scenario without expectations proves nothing',
    });
  }
  return { steps, mistakes: withoutMisspelt(reading.mistakes).map((one) => placeMistake(one, variant, source)) };
}

const frame = ['after', 'at', 'expect'];
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
  const words = Object.keys(entry).filter((word) => !frame.includes(word));
  const known = kinds.filter((kind) => words.includes(kind.name));
  const names = kinds.map((kind) => kind.name);
  for (const word of words.filter((one) => !names.includes(one))) {
    mistakes.push({ path, key: word, message: unknownStepWord(word, names, known[0]?.name) });
  }
  const [kind, second] = known;
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

/** Describes an unknown key in a timeline entry. If the entry has a known step, the author probably meant `after`, `at` or `expect`. */
function unknownStepWord(word: string, names: readonly string[], step: string | undefined): string {
  const beside = step === undefined ? '' : suggest(word, frame);
  if (beside !== '') return `unknown word "${word}" beside ${step}${beside} \`rehearse list beside\` shows all`;
  return `unknown step "${word}"${suggest(word, [...names, ...frame]) || ';'} \`rehearse list steps\` shows all`;
}

/** Returns true if `expect` is misspelt. The unknown key is then reported elsewhere. */
function isExpectMisspelt(entry: Readonly<Record<string, unknown>>, kinds: readonly StepKind[]): boolean {
  return Object.keys(entry).some(
    (word) => !kinds.some(({ name }) => name === word) && nearWords(word, frame)[0] === 'expect',
  );
}

function readAfter(written: unknown, path: Path, reading: Reading): string | undefined {
  if (written === undefined) return undefined;
  const { mistakes } = reading;
  const parsed = afterSchema.safeParse(written);
  if (parsed.success) {
    const { earliest } = reading;
    reading.earliest = earliest === undefined ? undefined : nowAfter(earliest, parsed.data);
    if (earliest !== undefined && reading.earliest === undefined)
      mistakes.push({ path: [...path, 'after'], message: tooLate });
    return parsed.data;
  }
  mistakes.push(
    ...parsed.error.issues
      .flatMap((issue) => mistakesOfIssue(issue, afterSchema, written, 'after'))
      .map((one) => ({ ...one, path: [...path, 'after', ...one.path] })),
  );
  return undefined;
}

function readStation(written: unknown, path: Path, { mistakes, names }: Reading): string | undefined {
  if (written === undefined) return undefined;
  const at: Path = [...path, 'at'];
  if (typeof written !== 'string') {
    mistakes.push({ path: at, message: `expected the name of a station, found ${shown(written)}` });
    return undefined;
  }
  mistakes.push(...checkReferences(atSchema, written, names, () => {}, at));
  return written;
}

function readExpectation(
  entry: Readonly<Record<string, unknown>>,
  kind: StepKind,
  path: Path,
  reading: Reading,
): PlacedExpectation | undefined {
  const written = entry['expect'];
  const { mistakes, names, source, variant } = reading;
  if (written === undefined) return undefined;
  const at: Path = [...path, 'expect'];
  if (!kind.registers && !kind.judges && entry['at'] === undefined) {
    const registering = reading.kinds.filter((one) => one.registers || one.judges).map((one) => one.name);
    mistakes.push({
      path,
      key: 'expect',
      message: `${kind.name} decides nothing, so expect is not allowed here; it is allowed with ${registering.join(', ')}, and with at`,
    });
    return undefined;
  }
  mistakes.push(...checkDuplicates(expectationSchema, written).map((one) => ({ ...one, path: [...at, ...one.path] })));
  mistakes.push(...checkReferences(expectationSchema, written, names, () => {}, at));
  const parsed = expectationSchema.safeParse(written);
  if (!parsed.success) {
    mistakes.push(
      ...parsed.error.issues
        .flatMap((issue) => mistakesOfIssue(issue, expectationSchema, written, 'expect'))
        .map((one) => ({ ...one, path: [...at, ...one.path] })),
    );
    return undefined;
  }
  const device = deviceIn(entry[kind.name], kind);
  const fleets = fleetsIn(variant.tree);
  mistakes.push(
    ...checkFleetExpectation(parsed.data, device, fleets).map((one) => ({ ...one, path: [...at, ...one.path] })),
  );
  const words = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as Expectation;
  return { ...source.placeOf(variant.origin(at)), words };
}

/** Returns the device that a step names. */
function deviceIn(written: unknown, { shorthand }: StepKind): string | undefined {
  if (typeof written === 'string') return shorthand === 'device' ? written : undefined;
  const device = isMap(written) ? written['device'] : undefined;
  return typeof device === 'string' ? device : undefined;
}

function readArguments(
  value: unknown,
  kind: StepKind,
  path: Path,
  station: string | undefined,
  reading: Reading,
): BoundStep | undefined {
  const { mistakes, names } = reading;
  const bare = value !== null && value !== undefined && typeof value !== 'object';
  const written = bare ? { [kind.shorthand]: value } : (value ?? {});
  // A bare value contains no paths, so a mistake inside it is reported at the step.
  const at = (below: Path): Path => (bare ? [...path, kind.name] : [...path, kind.name, ...below]);
  const define = (what: ReferenceKind, name: string): void => {
    if (what === 'loot' || what === 'batch') reading.names[what].push(name);
  };
  mistakes.push(...checkReferences(kind.args, written, names, define).map((one) => ({ ...one, path: at(one.path) })));
  mistakes.push(...checkDuplicates(kind.args, written).map((one) => ({ ...one, path: at(one.path) })));
  const fleets = fleetsIn(reading.variant.tree);
  const { kinds } = reading;
  mistakes.push(
    ...checkFleetStep(kind, written, { fleets, names, kinds }).map((one) => ({ ...one, path: at(one.path) })),
  );
  const bound = kind.bind(written);
  if (bound.ok) {
    mistakes.push(...datesOf(kind, written, station, reading).map((one) => ({ ...one, path: at(one.path) })));
    return bound.step;
  }
  mistakes.push(
    ...bound.issues
      .flatMap((issue) => mistakesOfIssue(issue, kind.args, written, kind.name))
      .map((one) => ({ ...one, path: at(one.path) })),
  );
  return undefined;
}

/** Returns the names of the fleets of numbers. */
function fleetsIn({ devices }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!isMap(devices)) return [];
  return Object.keys(devices).filter((name) => {
    const spec = devices[name];
    const fleet = isMap(spec) ? spec['fleet'] : undefined;
    return isMap(fleet) && fleet['tier'] !== 'core';
  });
}

/** Finds dates in a step that are outside the calendar. Adds the shortest duration of the step to `earliest`. */
function datesOf(
  kind: StepKind,
  written: unknown,
  station: string | undefined,
  reading: Reading,
): readonly FoundMistake[] {
  const { earliest } = reading;
  if (earliest === undefined) return [];
  const dated = station === undefined ? earliest : clockOf(station, earliest, reading.variant.tree);
  const mistakes = checkDates(kind.args, written, dated);
  reading.earliest = afterStep(kind.args, written, earliest);
  return reading.earliest === undefined ? [...mistakes, { path: [], message: tooLate }] : mistakes;
}

/** Returns the time that the clock of a station shows, with its offset but without its drift. */
function clockOf(station: string, now: Millis, tree: Readonly<Record<string, unknown>>): Millis {
  const stations = isMap(tree['stations']) ? tree['stations'] : {};
  const spec = Object.hasOwn(stations, station) ? stations[station] : undefined;
  const offset = isMap(spec) ? spec['clockOffset'] : undefined;
  const start = startOf(tree);
  if (typeof offset !== 'string' || start === undefined) return now;
  return now + aheadBy(start, offset);
}

const tooLate = 'virtual time ends with the year 9899; shorten this or an earlier duration';

function startOf({ start }: Readonly<Record<string, unknown>>): Millis | undefined {
  const written = start ?? headSchema.shape.start.parse(undefined);
  return typeof written === 'string' ? parseInstant(written) : undefined;
}

/** Returns true if an unknown top-level key is probably a misspelt `word`. The unknown key is then reported elsewhere. */
function isMisspelt(word: string, tree: Readonly<Record<string, unknown>>): boolean {
  const known = [...Object.keys(headSchema.shape), word];
  return Object.keys(tree).some((each) => !known.includes(each) && nearWords(each, known)[0] === word);
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
