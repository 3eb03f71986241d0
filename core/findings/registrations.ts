import { classicHubName } from '../wire/hub-names.ts';
import { defined } from '../defined.ts';
import type { HistoryEvent, Registration } from '../history/events.ts';
import { isoInstant } from '../time/clock.ts';
import { durationBetween } from '../time/duration.ts';
import { firstFailed, type Decision } from '../history/decision.ts';
import { LastDecisions } from './last-decisions.ts';
import { quietVisitsText } from './quiet-visits-text.ts';

/** A registration attempt, the step that contains it, and the decision about it. The verdict on a scenario needs these three values. */
export interface ObservedRegistration {
  readonly registration: Registration;
  /** Index of the step that contains the registration, from 0. */
  readonly step: number | undefined;
  /** The last decision about this attempt. This decision determined the outcome. */
  readonly decision: Decision | undefined;
}

/**
 * Returns every attempt in a history, with the check that decided it. The answer that the client receives does not name the check, because
 * 401002 has a dozen possible reasons. So the function takes the check from the last decision during the attempt. Earlier decisions are not
 * the reason, because the device retried after them. The function ignores decisions about other clients with the same registration ID.
 *
 * @param hubNames names of hubs in the scenario by their host names.
 */
export function observeRegistrations(
  events: readonly HistoryEvent[],
  hubNames: ReadonlyMap<string, string>,
): readonly ObservedRegistration[] {
  const observed: ObservedRegistration[] = [];
  const open = new Map<string, { readonly start: Started; readonly startedAt: number }>();
  const decisions = new LastDecisions();
  let step: number | undefined;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'step-started') step = event.step;
    // Between two steps only the attacker console acts, and its actions do not belong to any step.
    if (event.kind === 'step-ended') step = undefined;
    if (event.kind === 'attempt-started') open.set(event.device, { start: event, startedAt: index });
    if (event.kind === 'decision') decisions.add(event, index);
    if (event.kind === 'quiet-visits') observed.push({ ...summaryOf(event, hubNames), step });
    if (event.kind === 'attempt-ended') {
      const attempt = open.get(event.device);
      open.delete(event.device);
      if (attempt === undefined) continue;
      const last = decisions.about(attempt.start, event.deviceId, attempt.startedAt);
      observed.push({ ...settle(attempt.start, event, last, hubNames), step });
    }
  }
  return observed;
}

/** Returns one registration that represents all simulated visits of a `quiet-visits` event. */
function summaryOf(
  summary: HistoryEvent & { kind: 'quiet-visits' },
  hubNames: ReadonlyMap<string, string>,
): Omit<ObservedRegistration, 'step'> {
  const { device, registrationId, attestation, transport, hub: host, deviceId, visits, first, last } = summary;
  return {
    decision: undefined,
    registration: {
      outcome: 'assigned',
      sentence: quietVisitsText(summary),
      assignedHub: host,
      deviceId,
      telemetry: 'accepted',
      attempts: 0,
      device,
      registrationId,
      attestation,
      transport,
      at: isoInstant(last),
      took: durationBetween(first, last),
      visits,
      ...defined({ hub: hubNames.get(classicHubName(host)) }),
    },
  };
}

type Started = HistoryEvent & { kind: 'attempt-started' };
type Ended = HistoryEvent & { kind: 'attempt-ended' };

function settle(
  start: Started,
  end: Ended,
  last: Decision | undefined,
  hubNames: ReadonlyMap<string, string>,
): Omit<ObservedRegistration, 'step'> {
  const failed = end.outcome === 'assigned' || last === undefined ? undefined : firstFailed(last);
  const hub = end.assignedHub === undefined ? undefined : hubNames.get(classicHubName(end.assignedHub));
  const { kind: _kind, at, device, registrationId, ...how } = end;
  return {
    decision: last,
    registration: {
      ...how,
      // A dropped connection counts as a refusal if a recorded check failed, and as a failure otherwise.
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
