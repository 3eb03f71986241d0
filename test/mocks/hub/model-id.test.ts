import { afterAll, beforeAll, expect, test } from 'vitest';
import { hubToken } from '../clients/credentials.ts';
import { data, HubAmqpClient } from '../clients/hub-amqp-client.ts';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { connectDevice } from './mqtt-device.ts';

const [hub] = hubs;
const thermostat = 'dtmi:com:example:Thermostat;1';
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud();
});
afterAll(() => open.cloud.close());

const modelOf = async (id: string) => (await askAsOwner(open, 'GET', `/twins/${id}`)).body?.['modelId'];

test.each([
  ['unencoded, as Node and C write it', `?api-version=2020-09-30&DeviceClientType=x&model-id=${thermostat}`],
  ['encoded, as Embedded C and Python write it', `?api-version=2020-09-30&model-id=${encodeURIComponent(thermostat)}`],
  ['without the question mark', `api-version=2020-09-30&model-id=${thermostat}`],
])('the model ID in the MQTT user name is in the twin: %s', async (name, query) => {
  const id = `mqtt-${name.length}`;
  const key = await createDevice(open, id);
  expect(await modelOf(id)).toBe('');
  (await connectDevice(open, id, key, { username: `${hub}/${id}/${query}` })).close();
  expect(await modelOf(id)).toBe(thermostat);
  const { body } = await askAsOwner(open, 'POST', '/devices/query', {
    body: { query: `SELECT deviceId FROM devices WHERE modelId = '${thermostat}' AND deviceId = '${id}'` },
  });
  expect(body).toEqual([{ deviceId: id }]);
});

test('a connection without a model ID leaves the twin unchanged; a new model ID replaces the old model ID', async () => {
  const key = await createDevice(open, 'again');
  const connect = async (query: string) =>
    (await connectDevice(open, 'again', key, { username: `${hub}/again/?api-version=2020-09-30${query}` })).close();
  await connect(`&model-id=${thermostat}`);
  await connect('');
  expect(await modelOf('again')).toBe(thermostat);
  await connect('&model-id=dtmi:com:example:Thermostat;2');
  expect(await modelOf('again')).toBe('dtmi:com:example:Thermostat;2');
});

test('a refused device does not set a model ID', async () => {
  await createDevice(open, 'refused');
  const username = `${hub}/refused/?api-version=2020-09-30&model-id=${thermostat}`;
  await expect(connectDevice(open, 'refused', Buffer.alloc(32), { username })).rejects.toThrow();
  expect(await modelOf('refused')).toBe('');
});

test('the twin gets the model ID that an AMQP link sends, even if the device opened other links before', async () => {
  const client = await HubAmqpClient.open(open.cloud);
  const key = await createDevice(open, 'amqp');
  expect(await client.putToken(`${hub}/devices/amqp`, hubToken(key, hub, 'amqp'))).toBe(200);
  const first = await client.sender('/devices/amqp/messages/events');
  expect(await client.send(first, { body: data('hot') })).toBe('accepted');
  expect(await modelOf('amqp')).toBe('');
  await client.sender('/devices/amqp/twin', { 'com.microsoft:model-id': thermostat });
  expect(await modelOf('amqp')).toBe(thermostat);
  client.close();
});
