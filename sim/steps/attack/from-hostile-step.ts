import { attackerIn, attackerUses } from '../../world/attacker/attacker-in.ts';
import type { HostileStep } from '../../attacks/hostile-step.ts';
import { ConnectionClosed } from '../../transports/dps-connection.ts';
import { defineStep, type StepKind } from '../define-step.ts';

/**
 * Converts a step of an attacker into a timeline step. The step can change the world only through its `Attacker`. The step ends if a server
 * ends the connection of the attacker outside an attempt; the history then has the reason.
 */
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
    run: async (world, words) => {
      const attacker = attackerIn(world);
      try {
        await run(attacker, words as never);
      } catch (error) {
        if (!(error instanceof ConnectionClosed)) throw error;
        attacker.tell('the attacker', error.message);
      }
    },
  });
}
