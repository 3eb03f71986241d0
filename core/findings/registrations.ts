import { defined } from '../defined.ts';
import type { HistoryEvent, Registration } from '../history/events.ts';
import { isoInstant } from '../time/clock.ts';
import { durationBetween } from '../time/duration.ts';
import { firstFailed, type Decision } from '../history/decision.ts';
import { registrationKey } from '../wire/registration-id.ts';

/** A registration with its step and its decision, for the verdict. */
export interface ObservedRegistration {
  readonly registration: Registration;
  /** Index of the step that contains the registration, from 0. */
  readonly step: number | undefined;
  /** The last decision about this attempt, which decided its outcome. */
  readonly decision: Decision | undefined;
}

/**
 * Returns every attempt in a history, with the check that decided it. The wire does not name the check (401002 stands for a dozen
 * reasons), so the check is read from the decisions that were recorded during the attempt. Only the last one can be the reason: the
 * device retried after earlier decisions, and decisions about other clients with the same registration ID are ignored.
 *
 * @param hubNames names of hubs in the scenario by their host names.
 */
export function observeRegistrations(
  events: readonly HistoryEvent[],
  hubNames: ReadonlyMap<string, string>,
): readonly ObservedRegistration[] {
  const observed: ObservedRegistration[] = [];
  const open = new Map<string, { readonly start: Started; readonly decisions: Decision[] }>();
  let step: number | undefined;
  for (const event of events) {
    if (event.kind === 'step-started') step = event.step;
    // Actions of the attacker console between two steps do not belong to any step.
    if (event.kind === 'step-ended') step = undefined;
    if (event.kind === 'attempt-started') open.set(event.device, { start: event, decisions: [] });
    if (event.kind === 'decision') {
      for (const { start, decisions } of open.values()) {
        if (isAbout(event, start)) decisions.push(event);
      }
    }
    if (event.kind === 'attempt-ended') {
      const attempt = open.get(event.device);
      open.delete(event.device);
      if (attempt !== undefined) observed.push({ ...settle(attempt.start, event, attempt.decisions, hubNames), step });
    }
  }
  return observed;
}

type Started = HistoryEvent & { kind: 'attempt-started' };
type Ended = HistoryEvent & { kind: 'attempt-ended' };

/**
 * Keeps all decisions of hubs. They name the device ID, and the device ID of the attempt is known only when the attempt ends
 * (`settle`).
 */
function isAbout(decision: Decision, start: Started): boolean {
  // The decision is about another client that uses the same name.
  if (decision.from !== undefined && start.from !== undefined && decision.from !== start.from) return false;
  return (
    decision.judge === 'hub' ||
    registrationKey(decision.subject) === registrationKey(start.registrationId) ||
    decision.subject === start.device
  );
}

function settle(
  start: Started,
  end: Ended,
  candidates: readonly Decision[],
  hubNames: ReadonlyMap<string, string>,
): Omit<ObservedRegistration, 'step'> {
  // The device ID is known only now. Decisions of a hub about other devices are dropped.
  const decisions = candidates.filter(
    ({ judge, subject }) =>
      judge !== 'hub' || subject === end.deviceId || registrationKey(subject) === registrationKey(start.registrationId),
  );
  const last = decisions.at(-1);
  const failed = end.outcome === 'assigned' || last === undefined ? undefined : firstFailed(last);
  const hub = end.assignedHub === undefined ? undefined : hubNames.get(end.assignedHub);
  const { kind: _kind, at, device, registrationId, ...how } = end;
  return {
    decision: last,
    registration: {
      ...how,
      // A dropped connection is a refusal if a recorded check explains it, and a failure otherwise.
      outcome: how.outcome === 'failed' && failed !== undefined ? 'refused' : how.outcome,
      device,
      registrationId,
      attestation: start.attestation,
      transport: start.transport,
      at: isoInstant(at),
      took: durationBetween(start.at, at),
      ...defined({ hub }),
      ...(failed === undefined || last === undefined ? {} : { check: failed.check, decidedBy: last.judge }),
    },
  };
}
