import { defined } from '../defined.ts';
import type { HistoryEvent, Registration } from '../history/events.ts';
import { isoInstant } from '../time/clock.ts';
import { durationBetween } from '../time/duration.ts';
import { firstFailed, type Decision } from '../history/decision.ts';
import { registrationKey } from '../wire/registration-id.ts';

/** A registration with what the judge needs beside it. */
export interface ObservedRegistration {
  readonly registration: Registration;
  /** Index of the step in which it happened. */
  readonly step: number | undefined;
  /** The decision that settled it: the last one about this attempt. */
  readonly decision: Decision | undefined;
}

/**
 * Every attempt in a history, with the check that decided it. The wire tells a device little (401002 stands for a dozen
 * reasons); the decisions that were recorded while it tried tell the rest. Only the last decision can be the reason: what was
 * decided before it was asked again, or about another client of the same name, is no reason for the end.
 *
 * @param hubNames name in the scenario by host name.
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
    // What a guest does between two steps is no business of what a step expects.
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

/** A hub knows the device by its device ID, which only the end of the attempt tells: see `settle`. */
function isAbout(decision: Decision, start: Started): boolean {
  // Another client that uses the same name.
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
  // Which device ID a hub spoke of is known only now; other devices may have been at a hub in the meantime.
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
      // A connection that was cut for a reason that is on record is a refusal; without one it is a failure.
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
