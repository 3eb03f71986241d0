import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import { defineStep } from '../define-step.ts';
import { requireProgram } from '../shared/require-program.ts';

export const clearStep = defineStep({
  name: 'clear',
  summary: 'The state folder of a program is wiped, as a factory reset does. The program must be off.',
  args: z.strictObject({ device: reference('device', 'Device or fleet that runs a program.') }),
  programs: true,
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      requireProgram(world.devices, device, 'clear').clear();
      world.tell('device', device.name, 'its state is wiped');
    }
  },
});
