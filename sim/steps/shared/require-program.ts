import type { Device } from '../../devices/device.ts';
import type { Program } from '../../programs/program.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';

/**
 * Returns the program of a device, which must be off.
 * @throws StepProblem if the device is simulated, or if its program runs.
 */
export function requireProgram({ programs }: World['devices'], { name }: Device, step: string): Program {
  const program = programs.of(name);
  if (program === undefined) {
    throw new StepProblem(`${name} is simulated; ${step} needs a device with \`program\``);
  }
  if (program.isRunning) {
    throw new StepProblem(`the program of ${name} runs; add \`power-off: ${name}\` before ${step}`);
  }
  return program;
}
