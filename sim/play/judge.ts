import type { Registration } from '../../core/history/events.ts';
import { addDuration } from '../../core/time/duration.ts';
import { firstFailed } from '../../core/history/decision.ts';
import { countWords, timeWords, type StepResult } from '../../core/findings/step-result.ts';
import type { Expectation } from '../../core/run/expectation.ts';
import type { ObservedRegistration } from '../../core/findings/registrations.ts';
import type { StepVerdict } from '../../core/run/verdict.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';

/** Holds what was asked for against what happened. Pure: the same history always gets the same verdicts. */
export function judge(
  scenario: Scenario,
  observed: readonly ObservedRegistration[],
  deeds: readonly StepResult[],
): readonly StepVerdict[] {
  return scenario.timeline.flatMap((step) =>
    judgeStep(
      step,
      observed.filter((one) => one.step === step.index),
      deeds.find((one) => one.step === step.index),
    ),
  );
}

function judgeStep(
  step: Step,
  observed: readonly ObservedRegistration[],
  deed: StepResult | undefined,
): readonly StepVerdict[] {
  const { expect } = step;
  if (expect === undefined) return [];
  const place = {
    step: step.index,
    name: step.name,
    line: expect.line,
    column: expect.column,
    expected: describe(expect.words),
  };
  const isDeed = observed.length === 0 || step.expects === 'count';
  if (isDeed && deed !== undefined && (deed.decision !== undefined || isCounted(deed) || deed.signals !== undefined)) {
    return [{ ...place, ...judgeStepResult(expect.words, deed), device: deed.decision?.subject ?? '' }];
  }
  if (isDeed) {
    const reason = 'the step was not reached, or nothing tried to register in it';
    return [{ ...place, kind: 'fail', reason, device: '', happened: 'nothing', trace: [] }];
  }
  const judged = step.expects === 'each' ? observed : observed.filter(isLastOfItsDevice);
  return judged.map(({ registration, decision }) => {
    const differences = compare(expect.words, registration);
    return {
      ...place,
      kind: differences.length === 0 ? 'pass' : 'fail',
      reason: differences.length === 0 ? 'as expected' : differences.join('; '),
      device: registration.device,
      happened: happenedTo(registration),
      trace: decision?.checks ?? [],
    };
  });
}

function isLastOfItsDevice(
  { registration }: ObservedRegistration,
  index: number,
  all: readonly ObservedRegistration[],
): boolean {
  return !all.slice(index + 1).some((later) => later.registration.device === registration.device);
}

function isCounted({ counts }: StepResult): boolean {
  return Object.keys(counts).length > 0;
}

/** A step of the factory, in which nothing registers: only what is decided and counted there can hold. */
function judgeStepResult(
  words: Expectation,
  { decision, counts, times, caught, signals = [] }: StepResult,
): Pick<StepVerdict, 'kind' | 'reason' | 'happened' | 'trace'> {
  const failed = decision === undefined ? undefined : firstFailed(decision);
  const outcome = failed === undefined ? 'done' : `refused by ${failed.check}`;
  const differences: string[] = [];
  for (const [word, expected] of Object.entries(words)) {
    const differ = (isSo: boolean, happened: string): void => {
      if (!isSo) differences.push(`${word}: expected ${shown(expected)}, happened ${happened}`);
    };
    const counting = countWords.find((one) => one === word);
    const timing = timeWords.find((one) => one === word);
    if (word === 'done') differ(failed === undefined, outcome);
    else if (word === 'refused')
      differ(failed !== undefined && (expected === true || expected === failed.check), outcome);
    else if (word === 'caught') differ(sameCounts(words.caught ?? {}, caught), shown(caught));
    else if (word === 'signals') differ(sameSet(words.signals ?? [], signals), shown(signals));
    else if (timing !== undefined) differ(expected === times[timing], times[timing] ?? 'none');
    else if (counting !== undefined) differ(expected === counts[counting], String(counts[counting] ?? 'none'));
    else differ(false, 'nothing: nobody registers in this step');
  }
  const told = [...Object.entries(times), ...Object.entries(counts), ...Object.entries(caught)].map(
    ([word, found]) => `${word}: ${found}`,
  );
  return {
    kind: differences.length === 0 ? 'pass' : 'fail',
    reason: differences.length === 0 ? 'as expected' : differences.join('; '),
    happened: [outcome, ...told, ...signals].join(', '),
    trace: decision?.checks ?? [],
  };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((one) => b.includes(one));
}

function sameCounts(
  a: Readonly<Partial<Record<string, number>>>,
  b: Readonly<Partial<Record<string, number>>>,
): boolean {
  return [...Object.keys(a), ...Object.keys(b)].every((word) => (a[word] ?? 0) === (b[word] ?? 0));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What differs, each in a few words; empty where all words hold. */
function compare(words: Expectation, found: Registration): readonly string[] {
  const differences: string[] = [];
  const differ = (word: string, expected: string | number | true, happened: string | number | undefined): void => {
    if (expected !== happened)
      differences.push(`${word}: expected ${String(expected)}, happened ${String(happened ?? 'none')}`);
  };
  if (words.assigned !== undefined) {
    differ('outcome', 'assigned', found.outcome);
    if (words.assigned !== true) differ('assigned', words.assigned, found.hub);
  }
  if (words.refused !== undefined) {
    differ('outcome', 'refused', found.outcome);
    if (words.refused !== true) differ('refused', words.refused, found.check);
  }
  if (words.errorCode !== undefined) differ('errorCode', words.errorCode, found.errorCode);
  if (words.hub !== undefined) differ('hub', words.hub, found.hub);
  if (words.deviceId !== undefined) differ('deviceId', words.deviceId, found.deviceId);
  if (words.substatus !== undefined) differ('substatus', words.substatus, found.substatus);
  if (words.telemetry !== undefined) differ('telemetry', words.telemetry, found.telemetry);
  if (words.within !== undefined && addDuration(0, found.took) > addDuration(0, words.within))
    differ('within', words.within, found.took);
  if (words.attempts !== undefined) differ('attempts', words.attempts, found.attempts);
  for (const word of ['done', 'caught', 'signals', ...countWords, ...timeWords] as const) {
    if (words[word] !== undefined) differences.push(`${word}: not of single attempts, and here devices register`);
  }
  return differences;
}

function describe(words: Expectation): string {
  return Object.entries(words)
    .map(([word, value]) => `${word}: ${shown(value)}`)
    .join(', ');
}

function happenedTo(found: Registration): string {
  const where = found.outcome === 'assigned' ? ` to ${found.hub ?? found.assignedHub ?? '?'}` : '';
  const why = found.check === undefined ? '' : ` by ${found.check}`;
  const code = found.errorCode === undefined ? '' : ` (${found.errorCode})`;
  return `${found.outcome}${where}${why}${code}: ${found.sentence}`;
}
