import { observeRegistrations } from '../../core/findings/registrations.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { HistoryEvent, Registration } from '../../core/history/events.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import type { Device } from '../devices/device.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { FieldLife } from '../devices/field/live-in-field.ts';
import type { Fleet } from './fleet.ts';
import type { Simulation } from './simulation.ts';
import type { Validities } from './validities.ts';

/** The results of the sampled devices in the step over real connections. */
interface RealSteps {
  readonly devices: ReadonlyMap<number, Device>;
  /** Visits and renewals of each device, if the step was `run-in-field`. */
  readonly lives: ReadonlyMap<number, FieldLife | undefined>;
  readonly events: readonly HistoryEvent[];
}

/** Compares each real device with its simulation. Returns one sentence for each device that differs. */
export function differencesOf(fleet: Fleet, simulation: Simulation, real: RealSteps): readonly string[] {
  const { devices, lives, events } = real;
  const observed = new Map(
    observeRegistrations(events, new Map()).map(({ registration }) => [registration.device, registration]),
  );
  const counted = simulation.registrations.log.instantsOf(new Set(devices.keys()));
  const bySubject = decisionsBySubject(events);
  const admitted = admittedBySubject(events);
  return [...devices].flatMap(([index, device]) => {
    const name = fleet.nameOf(index);
    const registration = observed.get(name);
    if (registration === undefined) return [`${name}: over real connections, the device made no attempt to register`];
    const decisions = bySubject.get(fleet.registrationIdOf(index)) ?? [];
    const found: Result = {
      ...realResult(registration, decisions),
      requests: instantsText(admitted.get(fleet.registrationIdOf(index)) ?? []),
      ...lifeResult(lives.get(index)),
      ...certificates(device.flash),
    };
    const foreseen = foreseenResult(fleet, simulation, index, counted.get(index) ?? []);
    const words = Object.keys(found).filter((word) => found[word] !== foreseen[word]);
    if (words.length === 0) return [];
    const parts = words.map(
      (word) => `${word}: ${foreseen[word] ?? 'none'} in the simulation, ${found[word] ?? 'none'} on the real device`,
    );
    return [`${name}: ${parts.join('; ')}`];
  });
}

type Result = Readonly<Record<string, string | number | undefined>>;
type DecisionEvent = HistoryEvent & { readonly kind: 'decision' };

function decisionsBySubject(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly DecisionEvent[]> {
  const found = new Map<string, DecisionEvent[]>();
  for (const event of events) {
    if (event.kind !== 'decision' || event.judge !== 'dps') continue;
    const known = found.get(event.subject);
    if (known === undefined) found.set(event.subject, [event]);
    else known.push(event);
  }
  return found;
}

/** Returns the instants of the register requests that the quota admitted, by registration ID. */
function admittedBySubject(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly Millis[]> {
  const found = new Map<string, Millis[]>();
  for (const event of events) {
    if (event.kind !== 'service-record' || event.service !== 'dps') continue;
    const known = found.get(event.identity);
    if (known === undefined) found.set(event.identity, [event.at]);
    else known.push(event.at);
  }
  return found;
}

function realResult(registration: Registration, decisions: readonly DecisionEvent[]): Result {
  const { outcome, check, errorCode, assignedHub, attempts, at } = registration;
  const isThrottled = (event: DecisionEvent): boolean => firstFailed(event)?.check === 'registration-quota-left';
  return {
    outcome,
    check,
    errorCode,
    hub: outcome === 'assigned' ? assignedHub : undefined,
    attempts,
    throttled: decisions.filter(isThrottled).length,
    end: at,
  };
}

/** Returns the counts of a step `run-in-field`, each by its name in a difference. */
function lifeResult(life: FieldLife | undefined): Result {
  if (life === undefined) return {};
  const { visits, accepted, renewals, failedRenewals } = life;
  return { visits, 'accepted visits': accepted, renewals, 'failed renewals': failedRenewals };
}

function certificates({ certificate, issued }: Device['flash']): Result {
  return { certificate: validityText(certificate), 'issued certificate': validityText(issued) };
}

function validityText(certificate: InstalledCertificate | undefined): string | undefined {
  const read = certificate === undefined ? undefined : parseCertificate(certificate.leaf);
  return read?.ok === true ? `${isoInstant(read.value.notBefore)} to ${isoInstant(read.value.notAfter)}` : undefined;
}

function foreseenResult(fleet: Fleet, simulation: Simulation, index: number, requests: readonly Millis[]): Result {
  const { startAt, endedAt, lastAttempts, registrations, state, life } = simulation;
  const { outcome, check, errorCode } = simulation.endingOf(index);
  return {
    outcome,
    check,
    errorCode,
    hub: outcome === 'assigned' ? fleet.hubs[(state.assigned[index] ?? 0) - 1] : undefined,
    attempts: lastAttempts[index],
    throttled: registrations.throttled[index],
    end: isoInstant(startAt + (endedAt[index] ?? 0)),
    requests: instantsText(requests),
    visits: life?.visits[index],
    'accepted visits': life?.accepted[index],
    renewals: life?.renewals[index],
    'failed renewals': life?.failedRenewals[index],
    certificate: spanText(state.certificates, index),
    'issued certificate': spanText(state.issued, index),
  };
}

function spanText(validities: Validities | undefined, index: number): string | undefined {
  if (validities?.has(index) !== true) return undefined;
  const { notBefore, notAfter } = validities.of(index);
  return `${isoInstant(notBefore)} to ${isoInstant(notAfter)}`;
}

/** Returns the instants of requests that the quota admitted, as a text. Two texts are equal if their instants are equal. */
function instantsText(instants: readonly Millis[]): string {
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined) return 'none';
  const sum = instants.reduce((total, at) => total + (at - first), 0);
  return `${instants.length} (${isoInstant(first)} to ${isoInstant(last)}, on average ${sum / instants.length} ms after the first one)`;
}
