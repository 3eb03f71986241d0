import { liveInField, type FieldWords } from '../devices/field/live-in-field.ts';
import type { LastVisitors } from '../devices/field/quiet-visits.ts';
import { isAtService } from '../devices/renewal/is-at-service.ts';
import { renewalPlaces, type renewalUses } from '../world/renewal-places.ts';
import { StepProblem } from '../world/step-problem.ts';
import type { StepWorld } from '../world/world.ts';
import { FieldRun } from './field-run.ts';
import type { Fleet } from './fleet.ts';
import { playStep, type FleetWorld } from './play-fleet.ts';

/** Runs all devices of a fleet for the duration of `run-in-field`: they visit their hubs, and renew their certificates when that is due. */
export async function runFleet(
  world: FleetWorld & StepWorld<(typeof renewalUses)[number]>,
  fleet: Fleet,
  words: FieldWords,
): Promise<void> {
  const { clock, cloud } = world;
  const { fleetRules: rules, faults } = cloud;
  const isAtCa = fleet.renewal !== undefined && !isAtService(fleet.renewal);
  if (isAtCa && rules.isIndividual(fleet.registrationIdOf(fleet.seededSamples[0] ?? 0))) {
    throw new StepProblem(
      `${fleet.name} has individual enrollments and renews from "${fleet.renewal?.from}", but a fleet that is simulated as numbers cannot enroll each new certificate; use an enrollment group, or write \`from: dps\` under \`renewal:\``,
    );
  }
  const visitors: LastVisitors = new Map();
  const places = renewalPlaces(world);
  await playStep(world, fleet, {
    isLong: true,
    renew: fleet.renewAt,
    simulate: async (forecasts) => {
      const run = new FieldRun({ fleet, startAt: clock.now(), rules, faults: faults.list(), forecasts, words });
      await run.run();
      return run;
    },
    play: (device) => liveInField(device, words, places, visitors),
  });
}
