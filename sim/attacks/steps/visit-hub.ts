import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import { credentialFrom } from '../credential-from.ts';
import { hostileStep } from '../hostile-step.ts';

/** A hub asks nobody how a device came to it: whoever knows where one lives goes there. */
export const visitHubStep = hostileStep({
  name: 'visit-hub',
  summary: 'An attacker goes straight to a hub with what was taken, registers nowhere and sends telemetry.',
  shorthand: 'deviceId',
  args: z.strictObject({
    hub: reference('hub', 'The hub.'),
    deviceId: z.string().min(1).meta({ description: 'In whose name.' }),
    with: reference('loot', 'What the attacker holds.'),
  }),
  run: async (attacker, { hub, deviceId, with: loot }) => {
    const credential = await credentialFrom(attacker.held(loot), deviceId, attacker);
    const claim = { name: `attacker as ${deviceId}`, registrationId: deviceId, credential };
    await attacker.wires.connect(claim, { hub: attacker.wires.hostOf(hub), deviceId });
  },
});
