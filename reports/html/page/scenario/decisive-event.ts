import { observeRegistrations } from '../../../../core/findings/registrations.ts';
import { observeStepResults } from '../../../../core/findings/step-result.ts';
import { type Decision, firstFailed } from '../../../../core/history/decision.ts';
import type { Run, StepVerdict } from '../../../../core/run/run.ts';
import { openVerdict } from '../../../sentences/why-text.ts';

/**
 * Returns the index of the event that is the reason why a run did not pass: the refusal that decided the first failed expectation, in the
 * step of this expectation. Undefined if the run passed, or if no refusal decided the expectation.
 */
export function decisiveEvent(run: Run): number | undefined {
  const verdict = openVerdict(run);
  if (verdict === undefined || run.verdict.kind === 'pass') return undefined;
  const deciding = verdict.trace.find(({ passed }) => !passed);
  if (deciding === undefined) return undefined;
  const decision = [attemptDecision(run, verdict), ...stepDecisions(run, verdict)].find((one) => {
    const failed = one === undefined ? undefined : firstFailed(one);
    return failed !== undefined && failed.check === deciding.check && failed.found === deciding.found;
  });
  const event = run.history.findIndex((one) => one === decision);
  return event < 0 ? undefined : event;
}

/**
 * Returns the decision about the attempt to which an expectation applies: the attempt with the same number if the step has one expectation
 * for each attempt of the device, otherwise the last attempt. Undefined if the device did not register in the step.
 */
function attemptDecision({ history, stepVerdicts }: Run, verdict: StepVerdict): Decision | undefined {
  const attempts = observeRegistrations(history, new Map()).filter(
    ({ step, registration }) => step === verdict.step && registration.device === verdict.device,
  );
  const siblings = stepVerdicts.filter(({ step, device }) => step === verdict.step && device === verdict.device);
  const attempt = siblings.length === attempts.length ? attempts[siblings.indexOf(verdict)] : attempts.at(-1);
  return attempt?.decision;
}

/** Returns the decision that the verdict on a step without registrations uses. */
function stepDecisions({ history }: Run, verdict: StepVerdict): readonly (Decision | undefined)[] {
  return observeStepResults(history).flatMap(({ step, decision }) => (step === verdict.step ? [decision] : []));
}
