import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { hubToken } from '../clients/credentials.ts';
import { createDevice } from '../clients/hub-http.ts';
import { HubAmqpClient } from '../clients/hub-amqp-client.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { RawMqtt } from '../clients/raw-mqtt.ts';
import { connectDevice } from './mqtt-device.ts';

const [hub, other] = hubs;
let open: OpenCloud;
let key: Buffer;
const connections: { close(): void }[] = [];

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
  // Advances the clock beyond the end of the maintenance that the test started.
  open.clock.set(open.clock.now() + 60_000);
});
afterAll(() => open.cloud.close());

async function connack(at: OpenCloud, deviceKey: Buffer): Promise<number | 'closed'> {
  const client = await RawMqtt.open(at.cloud);
  connections.push(client);
  const username = `${hub}/dev/?api-version=2021-04-12`;
  return client.connect({ clientId: 'dev', username, password: hubToken(deviceKey, hub, 'dev') });
}

test('maintenance ends open connections with 400029, and rejects new connections with 400030 until the maintenance ends', async () => {
  const device = await connectDevice(open, 'dev', key);
  connections.push(device);
  open.cloud.operator.maintainHub(hub, 30_000);
  expect(await device.next()).toEqual({ kind: 'closed' });
  const told = open.history.events().flatMap((event) => (event.kind === 'wire' ? [event.message] : []));
  expect(told.at(-1)).toContain('the hub ends the connection: 400029 ConnectionForcefullyClosedOnFaultInjection');
  expect(await connack(open, key)).toBe(3);
  expect(open.lastVerdict()).toBe('hub no-fault-ordered');
  open.clock.set(open.clock.now() + 30_000);
  expect(await connack(open, key)).toBe(0);
});

test('maintenance rejects links over AMQP with 400030', async () => {
  open.cloud.operator.maintainHub(hub, 30_000);
  const client = await HubAmqpClient.open(open.cloud);
  try {
    expect(await client.putToken(`${hub}/devices/dev`, hubToken(key, hub, 'dev'))).toBe(200);
    await expect(client.sender('/devices/dev/messages/events')).rejects.toMatchObject({
      amqp: { condition: 'amqp:link:detach-forced', description: expect.stringContaining('400030') as string },
    });
  } finally {
    client.close();
  }
});

test('maintenance of a hub does not affect other hubs', async () => {
  expect(open.cloud.operator.maintainHub(other, 30_000).ok).toBe(true);
  expect(await connack(open, key)).toBe(0);
  expect(open.cloud.operator.maintainHub('none.azure-devices.net', 1).ok).toBe(false);
});

test('maintenance rejects connections with CONNACK 5 if `maintenanceOverMqtt` is 5', async () => {
  const five = await openCloud({ fidelity: { ...defaultFidelity, maintenanceOverMqtt: '5' } });
  const deviceKey = await createDevice(five, 'dev');
  five.cloud.operator.maintainHub(hub, 30_000);
  expect(await connack(five, deviceKey)).toBe(5);
  await five.cloud.close();
});
