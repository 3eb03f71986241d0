import { defined } from '../../core/defined.ts';
import { lastOfEachDevice } from '../../core/findings/last-of-each-device.ts';
import { observeRegistrations, type ObservedRegistration } from '../../core/findings/registrations.ts';
import { observeStepResults, type StepResult } from '../../core/findings/step-result.ts';
import type { HistoryEvent, Registration } from '../../core/history/events.ts';
import { fleetText } from '../../core/history/fleet-text.ts';
import type { FleetRun } from '../../core/history/fleet-run.ts';
import { showValue, type ActualValue, type ExpectationWord } from '../../core/run/expectations/define-word.ts';
import { expectationWords, type Expectation, type WordName } from '../../core/run/expectations/index.ts';
import type { Assertion, StepVerdict } from '../../core/run/run.ts';
import type { Step } from '../scenario/read-timeline.ts';

/**
 * Compares the expectations of a timeline with a history. The function is pure: the same history always gets the same verdicts. A step that
 * did not end in the history is inconclusive (`unknown`).
 * @param hubNames names of hubs in the scenario, by their host names.
 */
export function judge(
  timeline: readonly Step[],
  events: readonly HistoryEvent[],
  hubNames: ReadonlyMap<string, string>,
): readonly StepVerdict[] {
  const started = new Set(events.map((event) => (event.kind === 'step-started' ? event.step : undefined)));
  const registrations = byStep(observeRegistrations(events, hubNames));
  const results = byStep(observeStepResults(events));
  return timeline.flatMap((step) => {
    if (step.expect === undefined) return [];
    const judged = { expects: step.expects, words: step.expect.words, place: placeOf(step, step.expect) };
    const result = results.get(step.index)?.[0];
    if (result === undefined) return [judgeUnended(judged, started.has(step.index))];
    const fleet = result.events.find((event) => event.kind === 'fleet');
    if (fleet !== undefined) return [judgeFleet(judged, fleet)];
    const found = registrations.get(step.index) ?? [];
    return found.length === 0 || step.expects === 'count'
      ? [judgeResult(judged, result)]
      : judgeRegistrations(judged, found);
  });
}

/** Groups items by their step. Keeps the order of the items of each step. */
function byStep<T extends { readonly step: number | undefined }>(
  all: readonly T[],
): ReadonlyMap<number | undefined, T[]> {
  const found = new Map<number | undefined, T[]>();
  for (const each of all) {
    const ofStep = found.get(each.step);
    if (ofStep === undefined) found.set(each.step, [each]);
    else ofStep.push(each);
  }
  return found;
}

/** A step with an expectation. */
interface JudgedStep extends Pick<Step, 'expects'> {
  readonly words: Expectation;
  /** The part of a verdict that does not depend on the history. */
  readonly place: Pick<StepVerdict, 'step' | 'name' | 'line' | 'column' | 'expected'>;
}

function placeOf({ index, name }: Step, { line, column, words }: NonNullable<Step['expect']>): JudgedStep['place'] {
  return { step: index, name, line, column, expected: showWords(words) };
}

/** Judges each attempt of a device, or the last attempt of each device. */
function judgeRegistrations(
  { expects, words, place }: JudgedStep,
  registrations: readonly ObservedRegistration[],
): readonly StepVerdict[] {
  const judged = expects === 'each' ? registrations : lastOfEachDevice(registrations);
  return judged.map(({ registration, decision }) => ({
    ...place,
    ...verdictOf(assertRegistration(words, registration)),
    device: registration.device,
    happened: showRegistration(registration),
    trace: decision?.checks ?? [],
  }));
}

/** Judges a step in which no device registers. Also judges a step whose `expect` applies only to the number of registrations. */
function judgeResult({ words, place }: JudgedStep, result: StepResult): StepVerdict {
  const happened = showStep(result);
  if (happened === '') {
    const reason = 'no device registered in this step, and the step recorded neither a decision nor a count';
    return { ...place, ...nothing, kind: 'fail', reason };
  }
  const { decision } = result;
  return {
    ...place,
    ...verdictOf(assertStep(words, result)),
    device: decision?.subject ?? '',
    happened,
    trace: decision?.checks ?? [],
  };
}

function judgeFleet({ words, place }: JudgedStep, fleet: HistoryEvent & { kind: 'fleet' }): StepVerdict {
  const verdict = verdictOf(assertFleet(words, fleet));
  return { ...place, ...verdict, device: fleet.device, happened: fleetText(fleet), trace: [] };
}

function judgeUnended({ place }: JudgedStep, isStarted: boolean): StepVerdict {
  const reason = isStarted ? 'the history ends during this step' : 'the history ends before this step';
  return { ...place, ...nothing, kind: 'unknown', reason };
}

const nothing = { device: '', happened: 'nothing', assertions: [], trace: [] };

function verdictOf(assertions: readonly Assertion[]): Pick<StepVerdict, 'kind' | 'reason' | 'assertions'> {
  const differences = assertions.flatMap(({ difference }) => (difference === undefined ? [] : [difference]));
  return differences.length === 0
    ? { kind: 'pass', reason: 'as expected', assertions }
    : { kind: 'fail', reason: differences.join('; '), assertions };
}

function showRegistration(found: Registration): string {
  const where = found.outcome === 'assigned' ? ` to ${found.hub ?? found.assignedHub ?? '?'}` : '';
  const why = found.check === undefined ? '' : ` by ${found.check}`;
  const code = found.errorCode === undefined ? '' : ` (${found.errorCode})`;
  return `${found.outcome}${where}${why}${code}: ${found.sentence}`;
}

/** Compares each key of `expect` with one registration. */
function assertRegistration(words: Expectation, registration: Registration): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofRegistration === undefined
      ? misplaced(
          word,
          expected,
          word.ofStep === undefined
            ? 'applies to fleets that are simulated as numbers; add `fleet: {}` to the devices of this step'
            : 'applies to steps in which no device registers, but in this step devices register',
        )
      : compared(word, expected, word.ofRegistration(registration)),
  );
}

/** Compares each key of `expect` with the result of a step in which no device registers. */
function assertStep(words: Expectation, result: StepResult): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofStep === undefined
      ? misplaced(word, expected, 'applies to registrations, but no device registers in this step')
      : compared(word, expected, word.ofStep(result)),
  );
}

/** Compares each key of `expect` with the attempts of a fleet with `tier: numbers`. */
function assertFleet(words: Expectation, run: FleetRun): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofFleet === undefined
      ? misplaced(word, expected, 'applies to single devices, but the fleet of this step is simulated as numbers')
      : compared(word, expected, word.ofFleet(run)),
  );
}

/**
 * Returns all results of a step that `expect` can check, as a text such as `done, shipped: 3`; an empty text if the step has no such value.
 */
function showStep(result: StepResult): string {
  const values = expectationWords.flatMap((word: ExpectationWord<WordName>) => {
    const actual = word.ofStep?.(result);
    // The keys `done` and `refused` have the same actual value, so only `done` shows it.
    if (actual === undefined || word.name === 'refused') return [];
    return [word.name === 'done' ? word.show(actual) : `${word.name}: ${word.show(actual)}`];
  });
  return values.join(', ');
}

/** Returns an expectation as text, as its author wrote it: `assigned: true, hub: hub-eu`. */
function showWords(words: Expectation): string {
  return Object.entries(words)
    .map(([word, value]) => `${word}: ${showValue(value)}`)
    .join(', ');
}

function assertEach(
  words: Expectation,
  assertWord: (word: ExpectationWord<WordName>, expected: unknown) => Assertion,
): readonly Assertion[] {
  return expectationWords.flatMap((word) => {
    const expected = words[word.name];
    return expected === undefined ? [] : [assertWord(word, expected)];
  });
}

function compared(word: ExpectationWord<WordName>, expected: unknown, actual: ActualValue | undefined): Assertion {
  const passed = word.holds(expected, actual);
  const found = actual === undefined ? 'none' : word.show(actual);
  const difference = passed ? undefined : `${word.name}: expected ${showValue(expected)}, actual ${found}`;
  return { word: word.name, expected, ...defined({ actual }), passed, ...defined({ difference }) };
}

function misplaced(word: ExpectationWord<WordName>, expected: unknown, why: string): Assertion {
  return { word: word.name, expected, passed: false, difference: `${word.name}: ${why}` };
}
