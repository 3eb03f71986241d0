import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dpsToken, hubToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { idScope, hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { provision } from '../../clients/provision.ts';
import { disconnectPacket, RawMqtt, type ConnectFields } from '../../clients/raw-mqtt.ts';

let open: OpenCloud;
const keys = symmetricKeys();

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0, hubs: hubs.slice(0, 1) });
  open.cloud.operator.putEnrollment(individual('dev-1', keys));
  await provision(open, 'dev-1', { token: dpsToken(keys.primaryKey, 'dev-1') });
});
afterAll(() => open.cloud.close());

const atDps: ConnectFields = {
  clientId: 'dev-1',
  username: `${idScope}/registrations/dev-1/api-version=2019-03-31`,
  password: dpsToken(keys.primaryKey, 'dev-1'),
};
const atHub: ConnectFields = {
  clientId: 'dev-1',
  username: `${hubs[0]}/dev-1/?api-version=2021-04-12`,
  password: hubToken(keys.primaryKey, hubs[0], 'dev-1'),
};
/** These bytes fill many TLS records, so the service has not read all records when it closes the connection. */
const unread = Buffer.alloc(1024 * 1024);

async function endOf({ socket }: RawMqtt): Promise<string> {
  let error = 'no error';
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    error = code;
  });
  await once(socket, 'close');
  return error;
}

test.each([
  ['DPS', atDps],
  ['a hub', atHub],
])('%s does not reset the connection of a client that sends data after DISCONNECT', async (_service, fields) => {
  const client = await RawMqtt.open(open.cloud);
  expect(await client.connect(fields)).toBe(0);
  const end = endOf(client);
  client.send(disconnectPacket, unread);
  client.socket.end();
  expect(await end).toBe('no error');
});

test('a client that sends data directly after a CONNECT with a wrong password gets CONNACK 5, and no reset of the connection', async () => {
  const client = await RawMqtt.open(open.cloud);
  const end = endOf(client);
  const code = client.connect({ ...atHub, password: 'wrong' });
  client.send(unread);
  client.socket.end();
  expect(await code).toBe(5);
  expect(await end).toBe('no error');
});

test('a hub closes the connection of a device that sends DISCONNECT, even if the device keeps its side open', async () => {
  const client = await RawMqtt.open(open.cloud);
  client.socket.allowHalfOpen = true;
  expect(await client.connect(atHub)).toBe(0);
  client.send(disconnectPacket);
  await once(client.socket.resume(), 'end');
  const second = await RawMqtt.open(open.cloud);
  expect(await second.connect(atHub)).toBe(0);
  expect(open.decisions().filter(({ checks }) => checks.some(({ check }) => check === 'hub-connection-kept'))).toEqual(
    [],
  );
  for (const each of [client, second]) each.close();
});
