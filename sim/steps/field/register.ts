import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { attemptWithEach } from '../shared/attempt-with-each.ts';

export const registerStep = defineStep({
  name: 'register',
  summary: 'A running device registers with DPS, even if it knows a hub, and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: (world, { device }) => attemptWithEach(world, device, 'register'),
});
