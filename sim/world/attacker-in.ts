import type { Attacker, Target } from '../attacks/attacker.ts';
import type { Device } from '../devices/device.ts';
import { openWires } from './open-wires.ts';
import { knownRegistrationId } from '../steps/shared/registration-id.ts';
import { StepProblem, type World } from './world.ts';

/** The attacker of a world: loot and wires are all that he is given of it. */
export function attackerIn(world: World): Attacker {
  const { clock, random } = world;
  return {
    clock,
    random: random.fork('attacker'),
    wires: openWires(world),
    held: (name) => {
      const loot = world.loot.get(name);
      if (loot === undefined) throw new StepProblem(`nothing was taken under the name "${name}"`);
      return loot;
    },
    keep: (name, loot) => void world.loot.set(name, loot),
    targets: (name) => labelsOf(world.select(name)),
    everybody: () => labelsOf([...world.devices.values()]),
    all: async (works) => void (await clock.all(works)),
    refuse: (sentence) => {
      throw new StepProblem(sentence);
    },
    report: (radius) => world.history.record({ kind: 'blast-radius', ...radius }),
    tell: (subject, sentence) => world.tell('attacker', subject, sentence),
  };
}

async function labelsOf(devices: readonly Device[]): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const device of devices) {
    const registrationId = await knownRegistrationId(device);
    targets.push({ name: device.name, registrationId, transport: device.transport, home: device.assigned });
  }
  return targets;
}
