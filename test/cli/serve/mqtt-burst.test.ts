import { expect, test } from 'vitest';
import { secret, startLabProcess } from './lab-process.ts';
import { fleetLab, MqttFleet } from './mqtt-fleet.ts';

test('200 mqtt.js clients that register and disconnect at once are all assigned, without a connection reset', async () => {
  const { ready } = await startLabProcess({ 'lab.yaml': fleetLab }, ['lab.yaml']);
  const fleet = new MqttFleet(ready, await secret(ready, 'devices primaryKey'));
  const names = Array.from({ length: 200 }, (_, index) => `burst-${index}`);
  expect(await fleet.registerAtOnce(names)).toEqual({ assigned: 200 });
  // DPS knows these devices now, so each registration replaces the earlier registration of the same device.
  expect(await fleet.registerAtOnce(names)).toEqual({ assigned: 200 });
}, 120_000);
