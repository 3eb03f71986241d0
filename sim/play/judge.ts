import { lastOfEachDevice } from '../../core/findings/last-of-each-device.ts';
import { observeRegistrations, type ObservedRegistration } from '../../core/findings/registrations.ts';
import { observeStepResults, type StepResult } from '../../core/findings/step-result.ts';
import type { HistoryEvent, Registration } from '../../core/history/events.ts';
import { fleetText } from '../../core/history/fleet-text.ts';
import {
  assertFleet,
  assertRegistration,
  assertStep,
  showStep,
  showWords,
} from '../../core/run/expectations/assert-words.ts';
import type { Assertion, StepVerdict } from '../../core/run/verdict.ts';
import type { Step } from '../scenario/scenario.ts';

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
  return timeline.flatMap((step) =>
    judgeStep(step, {
      isStarted: started.has(step.index),
      registrations: registrations.get(step.index) ?? [],
      result: results.get(step.index)?.[0],
    }),
  );
}

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

/** The part of a history that belongs to one step. */
interface Evidence {
  readonly isStarted: boolean;
  readonly registrations: readonly ObservedRegistration[];
  /** Result of the step; undefined if the step did not end. */
  readonly result: StepResult | undefined;
}

function judgeStep(step: Step, { isStarted, registrations, result }: Evidence): readonly StepVerdict[] {
  const { expect } = step;
  if (expect === undefined) return [];
  const place = {
    step: step.index,
    name: step.name,
    line: expect.line,
    column: expect.column,
    expected: showWords(expect.words),
  };
  const nothing = { ...place, device: '', happened: 'nothing', assertions: [], trace: [] };
  if (result === undefined) {
    const reason = isStarted ? 'the history ends during this step' : 'the history ends before this step';
    return [{ ...nothing, kind: 'unknown', reason }];
  }
  const fleet = result.events.find((event) => event.kind === 'fleet');
  if (fleet !== undefined) {
    const verdict = verdictOf(assertFleet(expect.words, fleet));
    return [{ ...place, ...verdict, device: fleet.device, happened: fleetText(fleet), trace: [] }];
  }
  if (registrations.length === 0 || step.expects === 'count') {
    const happened = showStep(result);
    if (happened === '') {
      const reason = 'no device registered in this step, and nothing was decided or counted';
      return [{ ...nothing, kind: 'fail', reason }];
    }
    const { decision } = result;
    return [
      {
        ...place,
        ...verdictOf(assertStep(expect.words, result)),
        device: decision?.subject ?? '',
        happened,
        trace: decision?.checks ?? [],
      },
    ];
  }
  const judged = step.expects === 'each' ? registrations : lastOfEachDevice(registrations);
  return judged.map(({ registration, decision }) => ({
    ...place,
    ...verdictOf(assertRegistration(expect.words, registration)),
    device: registration.device,
    happened: showRegistration(registration),
    trace: decision?.checks ?? [],
  }));
}

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
