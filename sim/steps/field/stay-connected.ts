import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reconnects, stayConnected } from '../../devices/stay-connected.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

export const stayConnectedStep = defineStep({
  name: 'stay-connected',
  summary:
    'A running device sends telemetry over its persistent connection to the hub. If it has no connection, it opens one.',
  registers: true,
  args: z.strictObject({
    device: reference('device', 'Device or fleet, with `transport: mqtt` or `https`.'),
    reconnect: z.enum(reconnects).default('none').meta({
      description:
        'What the device does after the hub has ended its connection or rejected a new one: `none` waits for the next step; `at-once` tries 8 times without a pause; `back-off` waits at least 1 s, then twice as long each time.',
    }),
  }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name, reconnect }) => {
    const devices = world.devices.select(name);
    for (const { name: each, transport } of devices) {
      if (transport !== 'mqtt' && transport !== 'https') {
        throw new StepProblem(
          `${each} has transport: ${transport}, but stay-connected needs mqtt or https; change the transport`,
        );
      }
    }
    await world.clock.all(devices.map((device) => () => stayConnected(device, world.network, reconnect)));
  },
});
