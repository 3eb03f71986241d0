import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dpsToken, hubToken, individual, symmetricKeys } from '../mocks/clients/credentials.ts';
import { askAsOwner, createDevice } from '../mocks/clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pubackPacket, publishPacket, RawMqtt, subscribePacket, type Packet } from '../mocks/clients/raw-mqtt.ts';

/*
 * The Embedded C SDK (azure-sdk-for-c 19d99b7) with Paho. CI cannot build this SDK, so this test sends the packets of the SDK samples, in
 * the same order and with the same QoS.
 */

const [hub] = hubs;
const keys = symmetricKeys();
const connections: RawMqtt[] = [];
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  open.cloud.operator.putEnrollment(individual('embedded', keys));
  key = await createDevice(open, 'embedded');
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => open.cloud.close());

async function dial(username: string, password: string): Promise<RawMqtt> {
  const connection = await RawMqtt.open(open.cloud);
  connections.push(connection);
  expect(await connection.connect({ clientId: 'embedded', username, password, clean: false, keepalive: 240 })).toBe(0);
  return connection;
}

const dialHub = (query = ''): Promise<RawMqtt> =>
  dial(
    `${hub}/embedded/?api-version=2020-09-30&DeviceClientType=azsdk-c%2F1.6.0-beta.1${query}`,
    hubToken(key, hub, 'embedded'),
  );

async function subscribe(device: RawMqtt, filter: string): Promise<void> {
  device.send(subscribePacket(1, [filter, 1]));
  expect(await device.next()).toMatchObject({ kind: 'suback', codes: [1] });
}

async function published(device: RawMqtt): Promise<Packet & { kind: 'publish' }> {
  const packet = await device.next();
  if (packet.kind !== 'publish') throw new Error(`expected a PUBLISH, got ${JSON.stringify(packet)}`);
  return packet;
}

test('paho_iot_provisioning_sas_sample registers with a token without a key name', async () => {
  const user = `${idScope}/registrations/embedded/api-version=2019-03-31`;
  const device = await dial(user, dpsToken(keys.primaryKey, 'embedded', { skn: null }));
  await subscribe(device, '$dps/registrations/res/#');
  const body = JSON.stringify({ registrationId: 'embedded' });
  device.send(publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', body, 1, 2));
  const packets = [await device.next(), await device.next()];
  expect(packets.find(({ kind }) => kind === 'puback')).toMatchObject({ id: 2 });
  const answer = packets.find((each) => each.kind === 'publish');
  expect(answer?.topic).toBe('$dps/registrations/res/202/?$rid=1&retry-after=3');
  const { operationId } = JSON.parse(answer?.text ?? '') as { operationId: string };
  open.clock.set(open.clock.now() + 3000);
  device.send(
    publishPacket(`$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1&operationId=${operationId}`, ''),
  );
  const last = await published(device);
  expect(last.topic).toBe('$dps/registrations/res/200/?$rid=1');
  expect(JSON.parse(last.text)).toMatchObject({ status: 'assigned', registrationState: { deviceId: 'embedded' } });
});

test('paho_iot_hub_c2d_sample receives messages with a filter that contains a plus sign', async () => {
  const device = await dialHub();
  await subscribe(device, 'devices/+/messages/devicebound/#');
  expect(open.cloud.operator.sendToDevice(hub, 'embedded', { body: Buffer.from('hello') })).toMatchObject({ ok: true });
  const message = await published(device);
  // az_iot_hub_client_c2d_parse_received_topic expects this prefix.
  expect(message.topic).toMatch(/^devices\/embedded\/messages\/devicebound\//);
  expect(message).toMatchObject({ text: 'hello', qos: 1 });
  device.send(pubackPacket(message.id));
});

test('paho_iot_hub_methods_sample answers a method at QoS 0', async () => {
  const device = await dialHub();
  await subscribe(device, '$iothub/methods/POST/#');
  const called = askAsOwner(open, 'POST', '/twins/embedded/methods', { body: { methodName: 'ping', payload: {} } });
  const { topic } = await published(device);
  const rid = /^\$iothub\/methods\/POST\/ping\/\?\$rid=(.+)$/.exec(topic)?.[1];
  device.send(publishPacket(`$iothub/methods/res/200/?$rid=${rid}`, '{"response": "pong"}'));
  expect((await called).body).toEqual({ status: 200, payload: { response: 'pong' } });
});

test('paho_iot_hub_twin_sample reads the twin, sends reported properties, and gets desired properties', async () => {
  const device = await dialHub();
  await subscribe(device, '$iothub/twin/PATCH/properties/desired/#');
  await subscribe(device, '$iothub/twin/res/#');
  device.send(publishPacket('$iothub/twin/GET/?$rid=get_twin', ''));
  expect((await published(device)).topic).toBe('$iothub/twin/res/200/?$rid=get_twin');
  device.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=reported_prop', '{"device_count":0}'));
  expect((await published(device)).topic).toMatch(/^\$iothub\/twin\/res\/204\/\?\$rid=reported_prop&\$version=\d+$/);
  await askAsOwner(open, 'PATCH', '/twins/embedded', { body: { properties: { desired: { device_count: 7 } } } });
  const wanted = await published(device);
  expect(wanted.topic).toMatch(/^\$iothub\/twin\/PATCH\/properties\/desired\/\?\$version=\d+$/);
  expect(JSON.parse(wanted.text)).toMatchObject({ device_count: 7 });
});

test('paho_iot_pnp_component_sample sends its model ID and gets a command of a component', async () => {
  const model = 'dtmi:com:example:TemperatureController;1';
  const device = await dialHub(`&model-id=${encodeURIComponent(model)}`);
  await subscribe(device, '$iothub/methods/POST/#');
  expect((await askAsOwner(open, 'GET', '/twins/embedded')).body?.['modelId']).toBe(model);
  const body = { methodName: 'thermostat1*getMaxMinReport', payload: '2026-01-01T00:00:00Z' };
  const called = askAsOwner(open, 'POST', '/twins/embedded/methods', { body });
  const { topic, text } = await published(device);
  expect(text).toBe('"2026-01-01T00:00:00Z"');
  const rid = /^\$iothub\/methods\/POST\/thermostat1\*getMaxMinReport\/\?\$rid=(.+)$/.exec(topic)?.[1];
  device.send(publishPacket(`$iothub/methods/res/404/?$rid=${rid}`, '{}'));
  expect((await called).body).toEqual({ status: 404, payload: {} });
  device.send(publishPacket('devices/embedded/messages/events/$.sub=thermostat1', '{"temperature":22}', 1, 9));
  expect(await device.next()).toMatchObject({ kind: 'puback', id: 9 });
});
