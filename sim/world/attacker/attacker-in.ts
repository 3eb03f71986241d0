import type { Attacker, Target } from '../../attacks/attacker.ts';
import type { Device } from '../../devices/device.ts';
import { knownRegistrationId } from '../known-registration-id.ts';
import { StepProblem } from '../step-problem.ts';
import type { StepWorld } from '../world.ts';
import { openWires, type WireWorld } from './open-wires.ts';

/** The members of `World` that an `Attacker` uses. */
export const attackerUses = ['attack', 'clock', 'cloud', 'devices', 'factory', 'history', 'pki'] as const;

/** Creates the attacker of a simulated world. Attack steps get only this object: loot and network connections. */
export function attackerIn(world: WireWorld & StepWorld<(typeof attackerUses)[number]>): Attacker {
  const { attack, clock, devices, history, tell } = world;
  return {
    clock,
    random: attack.random.fork('attacker'),
    wires: openWires(world),
    held: (name) => {
      const loot = attack.loot.get(name);
      if (loot === undefined) {
        throw new StepProblem(`there is no loot "${name}"; put a step with \`as: ${name}\` before this one`);
      }
      return loot;
    },
    keep: (name, loot) => void attack.loot.set(name, loot),
    targets: (name) => labelsOf(devices.select(name)),
    everybody: () => labelsOf([...devices.byName.values()]),
    all: async (works) => void (await clock.all(works)),
    refuse: (sentence) => {
      throw new StepProblem(sentence);
    },
    report: (radius) => history.record({ kind: 'blast-radius', ...radius }),
    tell: (subject, sentence) => tell('attacker', subject, sentence),
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
