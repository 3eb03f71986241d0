import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The factory reads the public certificate that a device made, which is what gets enrolled. */
export const extractCertificateStep = defineStep({
  name: 'extract-certificate',
  summary: 'The public certificate that a device made for itself is read out and noted for enrollment.',
  args: z.strictObject({ device: reference('device', 'Device or fleet that made its certificate.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      const leaf = device.flash.certificate?.leaf;
      if (leaf === undefined) throw new StepProblem(`${device.name} holds no certificate to read out`);
      device.noteCertificate(leaf);
      world.tell('manufacturer', device.name, 'its certificate is read out');
    }
  },
});
