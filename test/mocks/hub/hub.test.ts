import { beforeEach, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import type { DeviceConnection } from '../../../mocks/hub/device-connection.ts';
import type { DeviceLink } from '../../../mocks/hub/device-link.ts';
import { DeviceRegistry } from '../../../mocks/registry/device-registry.ts';
import { Hub } from '../../../mocks/hub/hub.ts';
import { hubToken } from '../clients/credentials.ts';
import { hubs, noon } from '../clients/open-cloud.ts';

const [host] = hubs;
const key = Buffer.alloc(32, 1);
let now: number;
let hub: Hub;
let history: History;

beforeEach(() => {
  now = noon;
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('a hub does not sleep')) };
  history = new History(clock);
  const random = new Random('hub');
  const registry = new DeviceRegistry({}, random);
  hub = new Hub(host, { clock, history, random, fidelity: defaultFidelity, registry });
  hub.createDevice({
    deviceId: 'dev',
    status: 'enabled',
    authentication: { type: 'sas', primaryKey: key, secondaryKey: key },
  });
});

/** Connects a device by a link object that records each call of the hub to the device. */
function connect(interests = ['messages', 'methods', 'desired']): { connection: DeviceConnection; seen: string[] } {
  const seen: string[] = [];
  const link: DeviceLink = {
    transport: 'mqtt',
    listens: (to) => interests.includes(to),
    deliver: ({ body, lockToken, deliveries }) => {
      seen.push(`deliver ${body.toString()} ${deliveries} ${lockToken === '' ? 'unlocked' : 'locked'}`);
    },
    desired: (patch, version) => seen.push(`desired ${JSON.stringify(patch)} ${version}`),
    invoke: ({ methodName }) => seen.push(`invoke ${methodName}`),
    close: ({ name }) => seen.push(`close ${name}`),
  };
  const connection = hub.connect('dev', { certificates: [], token: hubToken(key, host, 'dev') }, link);
  return { connection: connection ?? expect.fail('the hub refused the device'), seen };
}

const text = (body: string) => ({ body: Buffer.from(body), properties: new Map([['colour', 'red']]) });

test('a hub stores a message with its sender, time and authentication method', () => {
  const { connection } = connect();
  expect(connection.sendTelemetry({ ...text('x'), messageId: 'm' })).toBeUndefined();
  expect(hub.events.partition('0')?.at(0)?.message).toEqual({
    ...text('x'),
    messageId: 'm',
    deviceId: 'dev',
    enqueuedAt: noon,
    authMethod: 'sas',
    authScope: 'device',
    generationId: hub.identities.find('dev')?.generationId,
  });
});

test('a hub stores a message with the model ID of the device, and with the component and the interface that the message names', () => {
  const { connection } = connect();
  hub.announceModel('dev', 'dtmi:example:Thermostat;1');
  const properties = new Map([
    ['$.sub', 'thermostat1'],
    ['$.ifid', 'urn:example:1'],
    ['colour', 'red'],
  ]);
  connection.sendTelemetry({ body: Buffer.from('x'), properties });
  expect(hub.events.partition('0')?.at(0)?.message).toMatchObject({
    component: 'thermostat1',
    interfaceId: 'urn:example:1',
    modelId: 'dtmi:example:Thermostat;1',
    properties: new Map([['colour', 'red']]),
  });
});

test('a hub delivers waiting messages when the device subscribes, and delivers unsettled messages again after a reconnect', () => {
  hub.send('dev', text('wait'));
  const first = connect();
  expect(first.seen).toEqual([]);
  first.connection.listening();
  hub.send('dev', text('now'));
  expect(first.seen).toEqual(['deliver wait 1 locked', 'deliver now 1 locked']);
  const second = connect();
  expect(first.seen.at(-1)).toBe('close ConnectionForcefullyClosedOnNewConnection');
  second.connection.listening();
  expect(second.seen).toEqual(['deliver wait 2 locked', 'deliver now 2 locked']);
  // After the second connection has replaced the first connection, the end of the first connection has no effect.
  first.connection.disconnected();
  expect(hub.connections.isConnected('dev')).toBe(true);
});

test('a hub sends nothing to a device that is not subscribed', async () => {
  const { connection, seen } = connect([]);
  connection.listening();
  hub.send('dev', text('x'));
  hub.writeTwin('dev', 'patch', { desired: { a: 1 } });
  const call = { methodName: 'open', payload: null, connectMs: 0, responseMs: 5000 };
  expect(await hub.invoke('dev', call)).toMatchObject({ failure: { errorCode: 404_103 } });
  expect(seen).toEqual([]);
});

test('an expired token ends the connection when the device or the hub uses the connection next', () => {
  const { connection, seen } = connect();
  now = noon + 71 * 60_000;
  hub.writeTwin('dev', 'patch', { desired: { a: 1 } });
  expect(seen).toEqual(['close IotHubUnauthorizedAccess']);
  expect(connection.isAlive()).toBe(false);
  expect(hub.connections.isConnected('dev')).toBe(false);
});

test('a hub removes all data of a device that is deleted', () => {
  const { seen } = connect();
  hub.send('dev', text('x'));
  expect(hub.deleteDevice('dev')).toBe(true);
  expect(seen.at(-1)).toBe('close DeviceNotFound');
  expect([hub.twins.find('dev'), hub.queueOf('dev').length, hub.lastActivity('dev')]).toEqual([
    undefined,
    0,
    undefined,
  ]);
  expect(hub.deleteDevice('dev')).toBe(false);
});

test('`hub.visit` stores the message of a device without opening a connection, and adds no event to the history', () => {
  const before = hub.lastActivity('dev');
  expect(hub.visit('dev', { certificates: [], token: hubToken(key, host, 'dev') }, text('x'))).toBe(true);
  expect(before).toBeUndefined();
  expect(hub.lastActivity('dev')).toBe(now);
  expect(hub.connections.changedAt('dev')).toBe(now);
  expect(hub.connections.isConnected('dev')).toBe(false);
  expect(hub.events.partition('0')?.at(0)?.message).toMatchObject({ ...text('x'), deviceId: 'dev', authMethod: 'sas' });
  expect(history.events()).toEqual([]);
});

test.each([
  [
    'another key',
    () => hub.visit('dev', { certificates: [], token: hubToken(Buffer.alloc(32, 2), host, 'dev') }, text('x')),
  ],
  ['no credential', () => hub.visit('dev', { certificates: [] }, text('x'))],
  ['an unknown device', () => visit('other')],
  [
    'a disabled identity',
    () => {
      const identity = hub.identities.find('dev');
      if (identity !== undefined) hub.identities.put({ ...identity, status: 'disabled' });
      return visit('dev');
    },
  ],
  ['a message that is too large', () => visit('dev', 'x'.repeat(300_000))],
])('`hub.visit` returns `false` and changes nothing for %s', (_name, visited) => {
  expect(visited()).toBe(false);
  expect(hub.lastActivity('dev')).toBeUndefined();
  expect(hub.connections.changedAt('dev')).toBeUndefined();
  expect(hub.events.partition('0')?.at(0)).toBeUndefined();
  expect(history.events()).toEqual([]);
});

test('`hub.visit` refuses a device that has an open connection', () => {
  const { seen } = connect();
  expect(visit('dev')).toBe(false);
  expect(seen).toEqual([]);
  expect(hub.connections.isConnected('dev')).toBe(true);
});

function visit(deviceId: string, body = 'x'): boolean {
  return hub.visit(deviceId, { certificates: [], token: hubToken(key, host, deviceId) }, text(body));
}
