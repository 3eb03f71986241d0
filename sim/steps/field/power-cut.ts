import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { powerCutMoments, type PowerCut } from '../../devices/power-cut.ts';
import { reference } from '../../scenario/words/words.ts';
import type { Program } from '../../programs/program.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';

/** Plans a power cut. At that moment, the run kills the process of the TPM. The device keeps what the TPM had stored until then. */
export const powerCutStep = defineStep({
  name: 'power-cut',
  summary:
    'A device loses power during its next attempt, at a point of its registration or after a number of TPM commands. A device with `program` loses power at once.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    at: z.enum(powerCutMoments).optional().meta({
      description:
        'Point at which the power fails. after-challenge: after the TPM imported the key of the challenge. after-acceptance: after DPS accepted the registration. after-assignment: after DPS assigned a hub, before the TPM imports the hub key.',
    }),
    afterTpmCommands: z.int().min(1).optional().meta({
      description: 'Number of commands that the TPM answers in the attempt before the power fails.',
    }),
  }),
  uses: ['devices'],
  misuse: ({ at, afterTpmCommands }) =>
    at !== undefined && afterTpmCommands !== undefined
      ? 'both `at` and `afterTpmCommands` are given; give exactly one of them'
      : undefined,
  run: async (world, { device: name, at, afterTpmCommands }) => {
    const devices = world.devices.select(name);
    const programs = devices.flatMap((device) => world.devices.programs.of(device.name) ?? []);
    if (programs.length > 0) return cutPrograms(programs, at ?? afterTpmCommands, world);
    if ((at ?? afterTpmCommands) === undefined) {
      throw new StepProblem('neither `at` nor `afterTpmCommands` is given; give exactly one of them');
    }
    const cut: PowerCut | undefined =
      at !== undefined
        ? { moment: at }
        : afterTpmCommands === undefined
          ? undefined
          : { tpmCommands: afterTpmCommands };
    for (const device of devices) device.planPowerCut(cut);
  },
});

/** Cuts at once the power of devices that run a program. */
async function cutPrograms(programs: readonly Program[], moment: unknown, { tell }: StepWorld): Promise<void> {
  if (moment !== undefined) {
    throw new StepProblem(
      'a device with `program` loses its power at once, not at a later point; remove `at` and `afterTpmCommands`',
    );
  }
  for (const program of programs) {
    tell('device', program.device.name, 'it loses power');
    await program.stop('cut');
    await program.device.tpm?.powerOff();
  }
}
