import { z } from 'zod';
import { reference } from '../../scenario/words/words.ts';
import { credentialFrom } from '../credential-from.ts';
import { hostileStep } from '../hostile-step.ts';

/** Connects to a hub without DPS. The hub does not check how a device was provisioned. */
export const visitHubStep = hostileStep({
  name: 'visit-hub',
  summary: 'An attacker connects directly to a hub with loot, without DPS, and sends telemetry.',
  shorthand: 'deviceId',
  args: z.strictObject({
    hub: reference('hub', 'Name of the hub.'),
    deviceId: z.string().min(1).meta({ description: 'Device ID that the attacker impersonates.' }),
    with: reference('loot', 'Loot that the attacker uses.'),
  }),
  run: async (attacker, { hub, deviceId, with: loot }) => {
    const credential = await credentialFrom(attacker.held(loot), deviceId, attacker);
    const claim = { name: `attacker as ${deviceId}`, registrationId: deviceId, credential };
    await attacker.wires.connect(claim, { hub: attacker.wires.hostOf(hub), deviceId });
  },
});
