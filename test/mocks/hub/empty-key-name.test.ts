import { afterAll, beforeAll, expect, test } from 'vitest';
import { hubToken } from '../clients/credentials.ts';
import { data, HubAmqpClient } from '../clients/hub-amqp-client.ts';
import { askHub, createDevice } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { RawMqtt } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
let open: OpenCloud;
let token: string;

beforeAll(async () => {
  open = await openCloud();
  // The C SDK over HTTPS writes `skn=` even without a key name (httpapiexsas.c).
  token = `${hubToken(await createDevice(open, 'dev'), hub, 'dev')}&skn=`;
});
afterAll(() => open.cloud.close());

test('a hub accepts a token that ends in an empty `skn` over HTTPS', async () => {
  const request = {
    method: 'POST',
    path: '/devices/dev/messages/events',
    body: 'hot',
    headers: { Authorization: token },
  };
  expect((await askHub(open, request)).status).toBe(204);
  expect(open.lastVerdict()).toBe('hub passed');
});

test('a hub accepts a token that ends in an empty `skn` over MQTT', async () => {
  const connection = await RawMqtt.open(open.cloud);
  const username = `${hub}/dev/?api-version=2021-04-12`;
  expect(await connection.connect({ clientId: 'dev', username, password: token })).toBe(0);
  connection.close();
});

test('a hub accepts a token that ends in an empty `skn` over AMQP', async () => {
  const client = await HubAmqpClient.open(open.cloud);
  expect(await client.putToken(`${hub}/devices/dev`, token)).toBe(200);
  expect(await client.send(await client.sender('/devices/dev/messages/events'), { body: data('hot') })).toBe(
    'accepted',
  );
  client.close();
});

test('an empty `skn` does not name a policy', async () => {
  const request = { method: 'GET', path: '/devices/dev', headers: { Authorization: token } };
  expect((await askHub(open, request)).status).toBe(401);
  expect(open.lastVerdict()).toBe('hub hub-policy-allows');
});
