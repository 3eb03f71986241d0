import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { attemptWithEach } from '../shared/attempt-with-each.ts';

export const powerOnStep = defineStep({
  name: 'power-on',
  summary: 'A device starts: it sets its clock if it can, provisions itself and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: (world, { device }) => attemptWithEach(world, device, 'as-configured', (each) => each.startClock()),
});
