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
  device: reference('device', 'Device whose name the attacker goes by.'),
  with: reference('loot', 'What the attacker holds.'),
  honest: z
    .array(reference('device', 'Device or fleet.'))
    .default([])
    .meta({ description: 'Devices that go about their business meanwhile: to the hub they know, or by registering.' }),
  every: positiveDuration('Time from one look to the next.').default('P1D'),
  for: timeTaken('How long it is looked at.').default('P3D'),
});

/** One look: who got in where, and when it began. */
interface Look {
  readonly at: Millis;
  readonly attacker: Entry;
  readonly kept: readonly string[];
}

/**
 * Measures a defence. It is put right behind what the defender did: time counts from its own beginning. Attacker and honest
 * devices take turns, the attacker first, who does not wait to be locked out.
 */
export const drillStep = defineStep({
  name: 'drill',
  summary:
    'From the moment of a defence on, an attacker keeps trying to register and to use the hub, and honest devices go about their business: when is he out, and who is hurt?',
  registers: true,
  expects: 'count',
  args,
  uses: [...attackerUses, 'network'],
  run: async (world, words) => {
    const [device] = world.devices.select(words.device);
    if (device === undefined) throw new StepProblem(`no device is called "${words.device}"`);
    const honest = [...new Set(words.honest.flatMap((name) => world.devices.select(name)))];
    const startedAt = world.clock.now();
    const looks = await watch(world, { device, honest, loot: words.with, every: words.every, for: words.for });
    const last = looks.at(-1);
    const since = (isIn: (look: Look) => boolean): string => lockedOutAfter(looks, isIn, startedAt);
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
      hurt: names.filter((name) => last?.kept.includes(name) !== true),
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
): Promise<readonly Look[]> {
  const { clock, network } = world;
  const attacker = attackerIn(world);
  const loot = attacker.held(plan.loot);
  const looks: Look[] = [];
  for (const at of instantsOf(plan, clock.now())) {
    // What an attempt itself takes is no time of the plan.
    await clock.sleep(Math.max(0, at - clock.now()));
    const [target] = await attacker.targets(plan.device.name);
    if (target === undefined) throw new StepProblem(`${plan.device.name} ended at the line`);
    const entry = await tryDpsAndHub(attacker, target, loot);
    const kept: string[] = [];
    await clock.all(
      plan.honest.map((device) => async () => {
        await knownRegistrationId(device);
        if ((await attempt(device, 'as-configured', network)).outcome === 'assigned') kept.push(device.name);
      }),
    );
    looks.push({ at, attacker: entry, kept });
  }
  return looks;
}

/** When it is looked at: at the first instant, and then again and again to the end. */
function instantsOf(plan: { readonly every: string; readonly for: string }, startedAt: Millis): readonly Millis[] {
  const end = addDuration(startedAt, plan.for);
  const instants: Millis[] = [];
  for (let at = startedAt; at <= end; at = addDuration(at, plan.every)) {
    if (instants.length === looksAtMost) {
      throw new StepProblem(`every ${plan.every} for ${plan.for} is more than ${looksAtMost} looks; look less often`);
    }
    instants.push(at);
  }
  return instants;
}

/** A look is some attempts over real wires; a plan of thousands is a slip of the pen. */
const looksAtMost = 100;

/** From which look on nobody is in any more. */
function lockedOutAfter(looks: readonly Look[], isIn: (look: Look) => boolean, startedAt: Millis): string {
  const first = looks[looks.findLastIndex(isIn) + 1];
  return first === undefined ? never : durationBetween(startedAt, first.at);
}
