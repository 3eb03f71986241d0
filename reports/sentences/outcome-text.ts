import type { Registration } from '../../core/history/events.ts';
import { observeStepResults } from '../../core/findings/step-result.ts';
import { observeRegistrations } from '../../core/findings/registrations.ts';
import type { Run } from '../../core/run/run.ts';
import type { StepVerdict } from '../../core/run/verdict.ts';
import { stepResultText } from './step-result-text.ts';

/**
 * What came of every step of which something was expected, in order: who was let in, or which check decided and the number
 * that the service gave. Only what is the same in every run of a scenario; Markdown.
 */
export function whatCame(run: Run): string {
  if (run.verdict.kind !== 'pass') return notShown[run.verdict.kind];
  const hubs = new Map(
    run.registrations.flatMap(({ assignedHub, hub }) =>
      assignedHub === undefined || hub === undefined ? [] : [[assignedHub, hub] as const],
    ),
  );
  const observed = observeRegistrations(run.history, hubs);
  const deeds = observeStepResults(run.history);
  const steps = [...new Set(run.stepVerdicts.map(({ step }) => step))];
  const told = steps.flatMap((step) => {
    const verdicts = run.stepVerdicts.filter((verdict) => verdict.step === step);
    const registrations = judged(
      observed.filter((one) => one.step === step).map(({ registration }) => registration),
      verdicts,
    );
    // Where any hub is right, which one it was is chance.
    const isPinned = !verdicts.some(({ expected }) => expected.split(', ').includes('assigned: true'));
    // Where nobody registers in a step, what was expected of it is about the factory.
    const deed = deeds.find((one) => one.step === step);
    const outcomes =
      registrations.length === 0 && deed !== undefined
        ? verdicts.map((verdict) => stepResultText(verdict, deed))
        : registrations.map((one) => outcomeOf(one, isPinned));
    const [name = ''] = verdicts.map((verdict) => verdict.name);
    return [`${name}: ${counted(outcomes)}`];
  });
  // What happens twice in a row is said once.
  return told.filter((text, index) => text !== told[index - 1]).join('; ');
}

const notShown = {
  fail: 'came out otherwise than its scenario expects',
  unknown: 'could not be judged',
  skipped: 'was not played',
} as const;

/** Of a step that is a life and not a moment, such as years in the field, only the end is judged, and the rest is chance. */
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

/** Equal outcomes of a fleet told once, with their number where they differ. */
function counted(outcomes: readonly string[]): string {
  const distinct = [...new Set(outcomes)].toSorted();
  if (distinct.length === 1) return distinct.join('');
  return distinct.map((text) => `${outcomes.filter((one) => one === text).length} × ${text}`).join(' and ');
}
