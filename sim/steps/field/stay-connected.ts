import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { stayConnected } from '../../devices/stay-connected.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** A running device and its hub keep a connection, over which both learn at once when one of them ends it. */
export const stayConnectedStep = defineStep({
  name: 'stay-connected',
  summary: 'A running device sends telemetry over the connection that it keeps to its hub, or opens one to keep.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet, with transport: mqtt or https.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    const devices = world.devices.select(name);
    for (const { name: each, transport } of devices) {
      if (transport !== 'mqtt' && transport !== 'https') {
        throw new StepProblem(`${each} speaks ${transport}; stay-connected keeps a connection over MQTT only`);
      }
    }
    await world.clock.all(devices.map((device) => () => stayConnected(device, world.network)));
  },
});
