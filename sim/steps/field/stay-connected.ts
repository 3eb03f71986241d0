import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { stayConnected } from '../../devices/stay-connected.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const stayConnectedStep = defineStep({
  name: 'stay-connected',
  summary: 'A running device sends telemetry over its persistent connection to the hub, and opens one if it has none.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet, with `transport: mqtt` or `https`.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    const devices = world.devices.select(name);
    for (const { name: each, transport } of devices) {
      if (transport !== 'mqtt' && transport !== 'https') {
        throw new StepProblem(
          `${each} has transport: ${transport}, and stay-connected needs mqtt or https; change the transport`,
        );
      }
    }
    await world.clock.all(devices.map((device) => () => stayConnected(device, world.network)));
  },
});
