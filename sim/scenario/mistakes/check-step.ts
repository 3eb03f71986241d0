import { z } from 'zod';
import { expectationWords, type WordName } from '../../../core/run/expectations/index.ts';
import type { ExpectationWord } from '../../../core/run/expectations/define-word.ts';
import { parseInstant, type Millis } from '../../../core/time/clock.ts';
import type { StepKind } from '../../steps/define-step.ts';
import { hasWebhookWords, headSchema } from '../schema.ts';
import type { ReferenceKind } from '../words/words.ts';
import type { Path } from '../yaml-source.ts';
import { afterStep, aheadBy, checkDates, nowAfter } from './check-dates.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkFleetExpectation, checkFleetStep, checkProgramStep } from './check-fleets.ts';
import type { FoundMistake } from './issue-sentence.ts';
import { checkReferences, type Names } from './references.ts';

/**
 * Checks the steps of a timeline, one after another: names, duplicates, fleets and dates. A step may name the loot and the batches of
 * earlier steps. A step starts when the durations of all earlier steps are over. Each method returns the mistakes.
 */
export class StepChecks {
  readonly #tree: Tree;
  readonly #kinds: readonly StepKind[];
  readonly #names: Names & { readonly loot: string[]; readonly batch: string[] };
  readonly #fleets: readonly string[];
  readonly #programs: readonly string[];
  /**
   * Earliest start of the next step. Undefined if this start is after the end of virtual time, which the checks have already reported as a
   * mistake.
   */
  #earliest: Millis | undefined;

  /** @param names the names that the file defines outside of its timeline. */
  constructor(tree: Tree, kinds: readonly StepKind[], names: Names) {
    this.#tree = tree;
    this.#kinds = kinds;
    this.#names = { ...names, loot: [], batch: [] };
    this.#fleets = fleetsIn(tree);
    this.#programs = programsIn(tree);
    this.#earliest = startOf(tree);
  }

  /** Checks the wait before a step. */
  after(duration: string): readonly FoundMistake[] {
    const earliest = this.#earliest;
    this.#earliest = earliest === undefined ? undefined : nowAfter(earliest, duration);
    return earliest !== undefined && this.#earliest === undefined ? [{ path: [], message: tooLate }] : [];
  }

  /** Checks the names in a value that accompanies a step, such as the value of `expect`. */
  names(schema: z.core.$ZodType, written: unknown): readonly FoundMistake[] {
    return checkReferences(schema, written, this.#names, () => {});
  }

  /** Checks an expectation whose keys are valid. @param isAtStation true if the step names a station. */
  expectation(words: Tree, step: unknown, kind: StepKind, isAtStation: boolean): readonly FoundMistake[] {
    const { shorthand } = kind;
    const named =
      typeof step === 'string' ? (shorthand === 'device' ? step : undefined) : isMap(step) && step['device'];
    return [
      ...checkFleetExpectation(words, typeof named === 'string' ? named : undefined, this.#fleets),
      ...checkMisplacedWords(words, kind, isAtStation),
    ];
  }

  /** Checks the arguments of a step. Later steps may use the names that these arguments define. */
  args(kind: StepKind, written: unknown): readonly FoundMistake[] {
    const define = (what: ReferenceKind, name: string): void => {
      if (what === 'loot' || what === 'batch') this.#names[what].push(name);
    };
    const [names, fleets, kinds] = [this.#names, this.#fleets, this.#kinds];
    return [
      ...checkReferences(kind.args, written, names, define),
      ...checkDuplicates(kind.args, written),
      ...checkWebhook(kind, written, this.#tree),
      ...checkFleetStep(kind, written, { fleets, names, kinds }),
      ...checkProgramStep(kind, written, { programs: this.#programs, names, kinds }),
    ];
  }

  /**
   * Checks the dates in valid arguments, and adds the shortest duration of the step to the start of the next step. @param station station
   * of the step.
   */
  dates(kind: StepKind, written: unknown, station: string | undefined): readonly FoundMistake[] {
    const earliest = this.#earliest;
    if (earliest === undefined) return [];
    const mistakes = checkDates(
      kind.args,
      written,
      station === undefined ? earliest : clockOf(station, earliest, this.#tree),
    );
    this.#earliest = afterStep(kind.args, written, earliest);
    return this.#earliest === undefined ? [...mistakes, { path: [], message: tooLate }] : mistakes;
  }
}

type Tree = Readonly<Record<string, unknown>>;

/** Returns mistakes of a part of a value at their paths in the whole value. */
export function below(path: Path, mistakes: readonly FoundMistake[]): readonly FoundMistake[] {
  return mistakes.map((one) => ({ ...one, path: [...path, ...one.path] }));
}

/**
 * Reports words of an expectation that never apply to the step. Every word may apply to a step at a station, which may end before a device
 * registers, and to the steps of attackers, which do not always register.
 */
function checkMisplacedWords(words: Tree, kind: StepKind, isAtStation: boolean): readonly FoundMistake[] {
  const registersAlways = kind.registers && !kind.hostile && kind.expects !== 'count' && !isAtStation;
  return expectationWords.flatMap((word: ExpectationWord<WordName>) => {
    const { name } = word;
    if (words[name] === undefined) return [];
    const report = (why: string): readonly FoundMistake[] => [
      { path: [], key: name, message: `${name} does not apply to ${kind.name}, in which ${why}` },
    ];
    if (registersAlways && word.ofRegistration === undefined && word.ofStep !== undefined) {
      return report('devices register; write `assigned` or `refused`');
    }
    if (!kind.registers && word.ofStep === undefined) return report('no device registers; write `done` or `refused`');
    return [];
  });
}

/** Reports a step that needs the webhook for custom allocation if the file defines none. */
function checkWebhook({ name, args }: StepKind, written: unknown, { cloud }: Tree): readonly FoundMistake[] {
  const hasWebhook = isMap(cloud) && cloud['webhook'] !== undefined;
  if (name === 'set-webhook' && !hasWebhook) return [{ path: [], message: noWebhook }];
  const isCustom = isMap(written) && Object.hasOwn(args.shape, 'allocation') && written['allocation'] === 'custom';
  return isCustom && !hasWebhook ? [{ path: ['allocation'], message: hasWebhookWords.error }] : [];
}

/** Returns the names of the fleets with `tier: numbers`. */
function fleetsIn({ devices }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!isMap(devices)) return [];
  return Object.keys(devices).filter((name) => {
    const spec = devices[name];
    const fleet = isMap(spec) ? spec['fleet'] : undefined;
    return isMap(fleet) && fleet['tier'] !== 'core';
  });
}

/** Returns the names of the devices that run a program, including the members of fleets. */
function programsIn({ devices }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!isMap(devices)) return [];
  return Object.entries(devices).flatMap(([name, spec]) => {
    if (!isMap(spec) || spec['program'] === undefined) return [];
    const count = typeof spec['count'] === 'number' ? Math.min(spec['count'], membersAtMost) : 0;
    return [name, ...Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)];
  });
}

/** More members are a mistake that the schema reports. */
const membersAtMost = 100;

/** Returns the time that the clock of a station shows, with its offset but without its drift. */
function clockOf(station: string, now: Millis, tree: Readonly<Record<string, unknown>>): Millis {
  const stations = isMap(tree['stations']) ? tree['stations'] : {};
  const spec = Object.hasOwn(stations, station) ? stations[station] : undefined;
  const offset = isMap(spec) ? spec['clockOffset'] : undefined;
  const start = startOf(tree);
  if (typeof offset !== 'string' || start === undefined) return now;
  return now + aheadBy(start, offset);
}

const noWebhook = 'the cloud has no webhook to change; add one under `cloud: webhook:`';

const tooLate = 'virtual time ends with the year 9899; shorten this or an earlier duration';

function startOf({ start }: Readonly<Record<string, unknown>>): Millis | undefined {
  const written = start ?? headSchema.shape.start.parse(undefined);
  return typeof written === 'string' ? parseInstant(written) : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
