import { observeRegistrations } from '../../core/findings/registrations.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { HistoryEvent, Registration } from '../../core/history/events.ts';
import type { FleetSample } from '../../core/history/fleet-run.ts';
import { defined } from '../../core/defined.ts';
import { isoInstant } from '../../core/time/clock.ts';
import { attempt } from '../devices/attempt.ts';
import type { Device } from '../devices/device.ts';
import type { StepWorld } from '../world/world.ts';
import { fleetRunOf } from './fleet-run-of.ts';
import type { Fleet } from './fleet.ts';
import { bringDevice, foreseeAll, realDevice } from './forecasts.ts';
import { Herd } from './herd.ts';

/** The members of a world that a fleet needs to get into service. */
export const fleetUses = ['clock', 'cloud', 'devices', 'history', 'network'] as const;

type FleetWorld = StepWorld<(typeof fleetUses)[number]>;

/**
 * Makes one attempt to get into service with each device of a fleet. The whole fleet is simulated first. Then the sampled devices make
 * the same attempt over real connections, while the quota of the service counts the requests of the others. The recorded event has the
 * counts, and every difference between both.
 */
export async function playFleet(world: FleetWorld, fleet: Fleet, mode: 'as-configured' | 'register'): Promise<void> {
  const { clock, cloud, history, network } = world;
  const rules = cloud.fleetRules;
  for (const index of fleet.seededSamples) await realDevice(fleet, index, rules, cloud.idScope);
  const forecasts = await foreseeAll(fleet, rules, cloud.idScope);
  const herd = new Herd({ fleet, mode, startAt: clock.now(), rules, faults: cloud.faults.list(), forecasts });
  herd.run();
  const chosen = choose(fleet, herd);
  const devices = new Map<number, Device>();
  for (const index of [...chosen.keys()].toSorted((a, b) => a - b)) {
    const device = await bringDevice(fleet, index, rules, cloud.idScope);
    if (device.ok) devices.set(index, device.value);
  }
  const before = history.events().length;
  rules.countOthers(herd.log.others(new Set(devices.keys()), fleet));
  await clock.all(
    [...devices].map(([index, device]) => async () => {
      await clock.sleep(startOf(fleet, index));
      device.startClock();
      await attempt(device, mode, network);
    }),
  );
  const events = history.events().slice(before);
  const differences = differencesOf(fleet, herd, devices, events);
  const end = herd.startAt + herd.endedAt.reduce((last, at) => Math.max(last, at), 0);
  await clock.sleep(end - clock.now());
  rules.countOthers(undefined);
  fleet.assigned.set(herd.hubs);
  fleet.draws.set(herd.draws);
  fleet.countStep();
  const samples = [...devices.keys()].map((index) => sampleOf(fleet, herd, index, chosen.get(index) ?? ''));
  const calibration = { compared: devices.size, differences };
  history.record({ kind: 'fleet', ...fleetRunOf(fleet, herd, samples, calibration) });
}

function startOf(fleet: Fleet, index: number): number {
  const cohort = fleet.cohorts.find(({ end }) => index < end);
  return cohort === undefined ? 0 : fleet.startOf(index, cohort);
}

/** Returns the devices that also run over real connections, each with the reason. */
function choose(fleet: Fleet, herd: Herd): ReadonlyMap<number, string> {
  const chosen = new Map<number, string>(fleet.seededSamples.map((index) => [index, 'by the seed']));
  const firsts = new Map<string, number>();
  let slowest = 0;
  const took = (index: number): number => (herd.endedAt[index] ?? 0) - (herd.startedAt[index] ?? 0);
  for (let index = 0; index < fleet.size; index++) {
    if (took(index) > took(slowest)) slowest = index;
    const { outcome, check = 'no check' } = herd.endingOf(index);
    if (outcome === 'assigned') continue;
    const first = firsts.get(check);
    if (first === undefined || (herd.endedAt[index] ?? 0) < (herd.endedAt[first] ?? 0)) firsts.set(check, index);
  }
  for (const [check, index] of firsts) chosen.set(index, `the first one refused by ${check}`);
  if (!chosen.has(slowest)) chosen.set(slowest, 'the slowest one');
  return chosen;
}

/** Compares each real device with its simulation. Returns a sentence for each one that differs. */
function differencesOf(
  fleet: Fleet,
  herd: Herd,
  devices: ReadonlyMap<number, Device>,
  events: readonly HistoryEvent[],
): readonly string[] {
  const observed = new Map(
    observeRegistrations(events, new Map()).map(({ registration }) => [registration.device, registration]),
  );
  return [...devices.keys()].flatMap((index) => {
    const name = fleet.nameOf(index);
    const registration = observed.get(name);
    if (registration === undefined) return [`${name}: the real device made no attempt`];
    const real = realResult(registration, throttledIn(events, fleet.registrationIdOf(index)));
    const foreseen = foreseenResult(fleet, herd, index);
    const words = Object.keys(real).filter((word) => real[word] !== foreseen[word]);
    if (words.length === 0) return [];
    const parts = words.map((word) => `${word} ${foreseen[word] ?? 'none'} simulated, ${real[word] ?? 'none'} real`);
    return [`${name}: ${parts.join('; ')}`];
  });
}

type Result = Readonly<Record<string, string | number | undefined>>;

function realResult(registration: Registration, throttled: number): Result {
  const { outcome, check, errorCode, assignedHub, attempts, at } = registration;
  const isIn = outcome === 'assigned';
  return { outcome, check, errorCode, hub: isIn ? assignedHub : undefined, attempts, throttled, end: at };
}

function foreseenResult(fleet: Fleet, herd: Herd, index: number): Result {
  const { outcome, check, errorCode } = herd.endingOf(index);
  return {
    outcome,
    check,
    errorCode,
    hub: outcome === 'assigned' ? fleet.hubs[(herd.hubs[index] ?? 0) - 1] : undefined,
    attempts: herd.attempts[index],
    throttled: herd.throttled[index],
    end: isoInstant(herd.startAt + (herd.endedAt[index] ?? 0)),
  };
}

function throttledIn(events: readonly HistoryEvent[], registrationId: string): number {
  return events.filter(
    (event) =>
      event.kind === 'decision' &&
      event.subject === registrationId &&
      firstFailed(event)?.check === 'registration-quota-left',
  ).length;
}

function sampleOf(fleet: Fleet, herd: Herd, index: number, chosenAs: string): FleetSample {
  const { outcome, check } = herd.endingOf(index);
  return {
    device: fleet.nameOf(index),
    chosenAs,
    outcome,
    ...defined({ check }),
    attempts: herd.attempts[index] ?? 0,
    throttled: herd.throttled[index] ?? 0,
    took: (herd.endedAt[index] ?? 0) - (herd.startedAt[index] ?? 0),
  };
}
