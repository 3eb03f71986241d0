import { z } from 'zod';
import type { Millis } from '../../../core/time/clock.ts';
import { never } from '../../../core/history/events.ts';
import { addDuration, durationBetween } from '../../../core/time/duration.ts';
import { attackerIn, attackerUses } from '../../world/attacker/attacker-in.ts';
import { tryDpsAndHub, type Entry } from '../../attacks/keep-trying.ts';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { positiveDuration, reference, timeTaken } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device that the attacker impersonates.'),
  with: reference('loot', 'Loot that the attacker uses.'),
  honest: z.array(reference('device', 'Device or fleet.')).default([]).meta({
    description:
      'Devices that work normally during the drill: they connect to their hub, or register if they have no hub.',
  }),
  every: positiveDuration('Time from one observation to the next.').default('P1D'),
  for: timeTaken('Length of the drill.').default('P3D'),
});

/** One observation in a step `drill`: the access of the attacker and of the honest devices at one time. */
interface Observation {
  readonly at: Millis;
  readonly attacker: Entry;
  /** Names of the honest devices that were in service during the observation. */
  readonly inService: readonly string[];
}

/**
 * Measures how fast a defence stops an attacker. The step must follow the defence at once, because its times count from the start of the
 * step. In each observation, the attacker acts first and the honest devices afterwards.
 */
export const drillStep = defineStep({
  name: 'drill',
  summary:
    'Measures a defence: an attacker keeps trying to register and to use the hub, and honest devices work normally. The result says when the attacker is locked out and which devices are affected.',
  registers: true,
  expects: 'count',
  args,
  uses: [...attackerUses, 'network'],
  run: async (world, words) => {
    const [device] = world.devices.select(words.device);
    if (device === undefined)
      throw new StepProblem(`no device is called "${words.device}"; add it under \`devices:\` or name another`);
    const honest = [...new Set(words.honest.flatMap((name) => world.devices.select(name)))];
    const startedAt = world.clock.now();
    const observations = await watch(world, { device, honest, loot: words.with, every: words.every, for: words.for });
    const last = observations.at(-1);
    const since = (isIn: (observation: Observation) => boolean): string =>
      lockedOutAfter(observations, isIn, startedAt);
    const names = honest.map(({ name }) => name);
    world.history.record({
      kind: 'drill',
      loot: words.with,
      registrationId: await knownRegistrationId(device),
      every: words.every,
      watched: words.for,
      outOfDps: since(({ attacker }) => attacker.dps),
      outOfHub: since(({ attacker }) => attacker.hub),
      honest: names,
      hurt: names.filter((name) => last?.inService.includes(name) !== true),
    });
  },
});

async function watch(
  world: StepWorld<(typeof attackerUses)[number] | 'network'>,
  plan: {
    readonly device: Device;
    readonly honest: readonly Device[];
    readonly loot: string;
    readonly every: string;
    readonly for: string;
  },
): Promise<readonly Observation[]> {
  const { clock, network } = world;
  const attacker = attackerIn(world);
  const loot = attacker.held(plan.loot);
  const observations: Observation[] = [];
  for (const at of instantsOf(plan, clock.now())) {
    // The duration of the attempts must not delay the next observation.
    await clock.sleep(Math.max(0, at - clock.now()));
    const [target] = await attacker.targets(plan.device.name);
    if (target === undefined)
      throw new StepProblem(`${plan.device.name} never left the line; name a device that was shipped`);
    const entry = await tryDpsAndHub(attacker, target, loot);
    const inService: string[] = [];
    await clock.all(
      plan.honest.map((device) => async () => {
        await knownRegistrationId(device);
        if ((await attempt(device, 'as-configured', network)).outcome === 'assigned') inService.push(device.name);
      }),
    );
    observations.push({ at, attacker: entry, inService });
  }
  return observations;
}

/** Returns the instants of the observations, beginning with the start of the step. */
function instantsOf(plan: { readonly every: string; readonly for: string }, startedAt: Millis): readonly Millis[] {
  const end = addDuration(startedAt, plan.for);
  const instants: Millis[] = [];
  for (let at = startedAt; at <= end; at = addDuration(at, plan.every)) {
    if (instants.length === observationLimit) {
      throw new StepProblem(
        `every ${plan.every} for ${plan.for} makes more than ${observationLimit} observations, which is the limit; give a longer \`every\` or a shorter \`for\``,
      );
    }
    instants.push(at);
  }
  return instants;
}

/** Largest number of observations. Each one makes several real connections, so thousands of them are a mistake. */
const observationLimit = 100;

/** Returns the time from the start of the step to the first observation in which the attacker has no access, or `never`. */
function lockedOutAfter(
  observations: readonly Observation[],
  isIn: (observation: Observation) => boolean,
  startedAt: Millis,
): string {
  const first = observations[observations.findLastIndex(isIn) + 1];
  return first === undefined ? never : durationBetween(startedAt, first.at);
}
