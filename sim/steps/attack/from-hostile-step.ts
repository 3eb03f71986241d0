import { attackerIn, attackerUses } from '../../world/attacker/attacker-in.ts';
import type { HostileStep } from '../../attacks/hostile-step.ts';
import { defineStep, type StepKind } from '../define-step.ts';

/** Converts a step of an attacker into a timeline step. The step can change the world only through its `Attacker`. */
export function fromHostileStep(step: HostileStep): StepKind {
  const { name, summary, registers, expects, shorthand, args, run } = step;
  return defineStep({
    name,
    summary,
    registers,
    expects,
    shorthand,
    hostile: true,
    args,
    uses: attackerUses,
    run: (world, words) => run(attackerIn(world), words as never),
  });
}
