import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { powerCutMoments, type PowerCut } from '../../devices/power-cut.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** Sets a power cut up. The TPM's process is killed where it stands; what it stored until then is what the device has. */
export const powerCutStep = defineStep({
  name: 'power-cut',
  summary: "A device will lose its power during its next attempt, at a point of its registration or of its TPM's work.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    at: z.enum(powerCutMoments).optional().meta({
      description:
        'after-challenge: its TPM took the key of the challenge; after-acceptance: DPS took the registration; after-assignment: DPS named the hub, and the TPM has not taken the key for it.',
    }),
    afterTpmCommands: z.int().min(1).optional().meta({
      description: 'How many commands of the attempt the TPM answers before the power goes.',
    }),
  }),
  uses: ['devices'],
  run: async (world, { device: name, at, afterTpmCommands }) => {
    if ((at === undefined) === (afterTpmCommands === undefined))
      throw new StepProblem('power-cut needs either at or afterTpmCommands');
    const cut: PowerCut | undefined =
      at !== undefined
        ? { moment: at }
        : afterTpmCommands === undefined
          ? undefined
          : { tpmCommands: afterTpmCommands };
    for (const device of world.devices.select(name)) device.planPowerCut(cut);
  },
});
