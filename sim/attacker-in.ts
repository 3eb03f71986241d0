import type { Attacker, Target } from './attacks/attacker.ts';
import { openWires } from './open-wires.ts';
import { knownRegistrationId } from './steps/registration-id.ts';
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
    targets: async (name) => {
      const targets: Target[] = [];
      for (const device of world.select(name)) {
        const registrationId = await knownRegistrationId(device);
        targets.push({ name: device.name, registrationId, transport: device.transport, home: device.assigned });
      }
      return targets;
    },
    all: async (works) => void (await clock.all(works)),
    refuse: (sentence) => {
      throw new StepProblem(sentence);
    },
    tell: (subject, sentence) => world.tell('attacker', subject, sentence),
  };
}
