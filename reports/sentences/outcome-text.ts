import type { Registration } from '../../core/history/events.ts';
import { observeRegistrations } from '../../core/findings/registrations.ts';
import type { Run, StepVerdict } from '../../core/run/run.ts';
import { stepResultText } from './step-result-text.ts';

/**
 * Describes the outcome of each step with an expectation, in order: the assigned hub, or the deciding check and the error code
 * of the service. Returns Markdown. Omits everything that differs between runs of the same scenario.
 */
export function outcomeText(run: Run): string {
  if (run.verdict.kind !== 'pass') return inconclusive[run.verdict.kind];
  const hubs = new Map(
    run.registrations.flatMap(({ assignedHub, hub }) =>
      assignedHub === undefined || hub === undefined ? [] : [[assignedHub, hub] as const],
    ),
  );
  const observed = observeRegistrations(run.history, hubs);
  const steps = [...new Set(run.stepVerdicts.map(({ step }) => step))];
  const sentences = steps.flatMap((step) => {
    const verdicts = run.stepVerdicts.filter((verdict) => verdict.step === step);
    const registrations = judged(
      observed.filter((one) => one.step === step).map(({ registration }) => registration),
      verdicts,
    );
    // If the expectation accepts any hub, the assigned hub may differ between runs, so it is omitted.
    const isPinned = !verdicts.some(({ assertions = [] }) =>
      assertions.some(({ word, expected }) => word === 'assigned' && expected === true),
    );
    const outcomes =
      registrations.length === 0 ? verdicts.map(resultOf) : registrations.map((one) => outcomeOf(one, isPinned));
    const [name = ''] = verdicts.map((verdict) => verdict.name);
    return [`${name}: ${counted(outcomes)}`];
  });
  // Of equal sentences that follow each other, the text has only the first one.
  return sentences.filter((text, index) => text !== sentences[index - 1]).join('; ');
}

/** Describes a step without a registration. For a fleet that is simulated as numbers, the text is the expectation that the fleet met. */
function resultOf({ assertions, happened, expected }: StepVerdict): string {
  if (assertions === undefined) return happened;
  return stepResultText(assertions) || `\`${expected}\` holds`;
}

const inconclusive = {
  fail: 'differs from what the scenario expects',
  unknown: 'inconclusive',
  skipped: 'skipped',
} as const;

/**
 * Returns the registrations to which the expectations of a step apply. In a long step, such as years in the field, these are only the last
 * registrations of each device.
 */
function judged(registrations: readonly Registration[], verdicts: readonly StepVerdict[]): readonly Registration[] {
  const devices = [...new Set(verdicts.map(({ device }) => device))];
  return devices.flatMap((device) => {
    const count = verdicts.filter((verdict) => verdict.device === device).length;
    return registrations.filter((one) => one.device === device).slice(-count);
  });
}

function outcomeOf(
  { outcome, hub, assignedHub, check, errorCode, telemetry }: Registration,
  isPinned: boolean,
): string {
  const place = hub ?? assignedHub;
  if (outcome === 'assigned') return `assigned to ${isPinned && place !== undefined ? place : 'a hub'}`;
  const where = place === undefined || telemetry !== 'refused' ? '' : ` at ${place}`;
  const number = errorCode === undefined ? '' : `, ${errorCode}`;
  if (outcome === 'failed') return `got no answer${where}${number}`;
  return `refused${where}${check === undefined ? '' : ` by \`${check}\``}${number}`;
}

/** Merges equal outcomes of a fleet. If different outcomes remain, adds the number of devices to each outcome. */
function counted(outcomes: readonly string[]): string {
  const distinct = [...new Set(outcomes)].toSorted();
  if (distinct.length === 1) return distinct.join('');
  return distinct.map((text) => `${outcomes.filter((one) => one === text).length} × ${text}`).join(' and ');
}
