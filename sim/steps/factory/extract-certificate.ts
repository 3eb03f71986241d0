import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const extractCertificateStep = defineStep({
  name: 'extract-certificate',
  summary: 'The manufacturer reads the certificate that a device made for itself and records it for the enrollment.',
  args: z.strictObject({ device: reference('device', 'Device or fleet that made its certificate.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      const leaf = device.flash.certificate?.leaf;
      if (leaf === undefined) {
        throw new StepProblem(`${device.name} has no certificate to read; put request-certificate before this step`);
      }
      device.noteCertificate(leaf);
      world.tell('manufacturer', device.name, 'its certificate is read out');
    }
  },
});
