import type { HistoryEvent } from '../../core/history/events.ts';
import { attempt } from '../devices/attempt.ts';
import type { Device } from '../devices/device.ts';
import type { FieldLife } from '../devices/field/live-in-field.ts';
import type { StepWorld } from '../world/world.ts';
import { differencesOf } from './differences.ts';
import { fleetRunOf, sampleOf } from './fleet-run-of.ts';
import type { Fleet, IssueCertificate } from './fleet.ts';
import { foreseeAll, type Forecasts } from './forecasts.ts';
import { Herd } from './herd.ts';
import { OthersInOrder } from './others-in-order.ts';
import { bringDevice, realDevice } from './real-device.ts';
import type { Simulation } from './simulation.ts';

/** The members of `World` that the devices of a fleet need to get into service. */
export const fleetUses = ['clock', 'cloud', 'devices', 'history', 'network'] as const;

export type FleetWorld = StepWorld<(typeof fleetUses)[number]>;

/** A step of a fleet. `simulate` computes the step for all devices, and `play` runs it with one real device. */
interface FleetStep {
  /** True if a device may register several times in the step. */
  readonly isLong: boolean;
  readonly renew: IssueCertificate | undefined;
  readonly simulate: (forecasts: Forecasts) => Promise<Simulation>;
  /** Makes a real device run the step. Returns its counts, if the step is `run-in-field`. */
  readonly play: (device: Device) => Promise<FieldLife | undefined>;
}

/** Makes one attempt to get into service with each device of a fleet. */
export async function playFleet(world: FleetWorld, fleet: Fleet, mode: 'as-configured' | 'register'): Promise<void> {
  const { clock, cloud, network } = world;
  await playStep(world, fleet, {
    isLong: false,
    renew: fleet.renewAt,
    simulate: async (forecasts) => {
      const { fleetRules: rules, faults } = cloud;
      const herd = new Herd({ fleet, mode, startAt: clock.now(), rules, faults: faults.list(), forecasts });
      await herd.run();
      return herd;
    },
    play: async (device) => {
      device.startClock();
      await attempt(device, mode, network);
      return undefined;
    },
  });
}

/**
 * Runs a step of a fleet. First simulates the whole fleet. Then the sampled devices run the same step over real connections, while the
 * quota of the service also counts the requests of the simulated devices. Records an event with the counts and with every difference
 * between the simulation and the sampled devices.
 */
export async function playStep(world: FleetWorld, fleet: Fleet, step: FleetStep): Promise<void> {
  const { clock, cloud, history } = world;
  const rules = cloud.fleetRules;
  const places = { ...step, rules, idScope: cloud.idScope, startAt: clock.now() };
  for (const index of fleet.seededSamples) await realDevice(fleet, index, places);
  const simulation = await step.simulate(await foreseeAll(fleet, places));
  const chosen = choose(fleet, simulation);
  const devices = new Map<number, Device>();
  for (const index of [...chosen.keys()].toSorted((a, b) => a - b)) {
    const device = await bringDevice(fleet, index, places);
    if (device.ok) devices.set(index, device.value);
  }
  const before = history.events().length;
  const real = new Set(devices.keys());
  rules.countOthers(new OthersInOrder(simulation.registrations.log, real, fleet));
  const lives = new Map<number, FieldLife | undefined>();
  await clock.all(
    [...devices].map(([index, device]) => async () => {
      await clock.sleep(startOf(fleet, index));
      lives.set(index, await step.play(device));
    }),
  );
  const events: readonly HistoryEvent[] = history.events().slice(before);
  const differences = differencesOf(fleet, simulation, { devices, lives, events });
  const end = simulation.startAt + simulation.endedAt.reduce((last, at) => Math.max(last, at), 0);
  await clock.sleep(end - clock.now());
  rules.countOthers(undefined);
  fleet.become(simulation.state);
  fleet.keepOnly(real);
  fleet.countStep();
  const samples = [...real].map((index) => sampleOf(fleet, simulation, index, chosen.get(index) ?? ''));
  const calibration = { compared: devices.size, differences };
  history.record({ kind: 'fleet', ...fleetRunOf(fleet, simulation, samples, calibration) });
}

function startOf(fleet: Fleet, index: number): number {
  const cohort = fleet.cohorts.find(({ end }) => index < end);
  return cohort === undefined ? 0 : fleet.startOf(index, cohort);
}

/** Returns the devices that also run over real connections, each with the reason. */
function choose(fleet: Fleet, simulation: Simulation): ReadonlyMap<number, string> {
  const { startedAt, endedAt, life } = simulation;
  const chosen = new Map<number, string>(fleet.seededSamples.map((index) => [index, 'by the seed']));
  const firsts = new Map<string, number>();
  let slowest = 0;
  let unluckiest = 0;
  const took = (index: number): number => (endedAt[index] ?? 0) - (startedAt[index] ?? 0);
  const failures = (index: number): number => life?.failedRenewals[index] ?? 0;
  for (let index = 0; index < fleet.size; index++) {
    if (took(index) > took(slowest)) slowest = index;
    if (failures(index) > failures(unluckiest)) unluckiest = index;
    const { outcome, check = 'no check' } = simulation.endingOf(index);
    if (outcome === 'assigned') continue;
    const first = firsts.get(check);
    if (first === undefined || (endedAt[index] ?? 0) < (endedAt[first] ?? 0)) firsts.set(check, index);
  }
  for (const [check, index] of firsts) chosen.set(index, `the first device refused by ${check}`);
  if (!chosen.has(slowest)) chosen.set(slowest, 'the slowest one');
  if (failures(unluckiest) > 0 && !chosen.has(unluckiest)) chosen.set(unluckiest, 'most failed renewals');
  return chosen;
}
