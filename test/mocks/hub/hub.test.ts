import { beforeEach, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import type { DeviceConnection } from '../../../mocks/hub/device-connection.ts';
import type { DeviceLink } from '../../../mocks/hub/device-link.ts';
import { Hub } from '../../../mocks/hub/hub.ts';
import { hubToken } from '../clients/credentials.ts';
import { hubs, noon } from '../clients/open-cloud.ts';

const [host] = hubs;
const key = Buffer.alloc(32, 1);
let now: number;
let hub: Hub;

beforeEach(() => {
  now = noon;
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('a hub does not sleep')) };
  hub = new Hub(host, { clock, history: new History(clock), random: new Random('hub'), fidelity: defaultFidelity });
  hub.createDevice({
    deviceId: 'dev',
    status: 'enabled',
    authentication: { type: 'sas', primaryKey: key, secondaryKey: key },
  });
});

/** A wire that writes down what the hub does with it. */
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
  return { connection: connection ?? expect.fail('the device was not let in'), seen };
}

const text = (body: string) => ({ body: Buffer.from(body), properties: new Map([['colour', 'red']]) });

test('a message is kept with who sent it, when, and how it was let in', () => {
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

test('a message is kept with the model of the device, the component and the interface that it names', () => {
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

test('what waits goes out when the device listens, and comes again after a connection that did not settle it', () => {
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
  // What the replaced connection still has to say about itself changes nothing.
  first.connection.disconnected();
  expect(hub.connections.isConnected('dev')).toBe(true);
});

test('nothing is sent to a device that does not listen', async () => {
  const { connection, seen } = connect([]);
  connection.listening();
  hub.send('dev', text('x'));
  hub.writeTwin('dev', 'patch', { desired: { a: 1 } });
  const call = { methodName: 'open', payload: null, connectMs: 0, responseMs: 5000 };
  expect(await hub.invoke('dev', call)).toMatchObject({ failure: { errorCode: 404_103 } });
  expect(seen).toEqual([]);
});

test('a token that ran out ends the connection on the next occasion, also one of the hub', () => {
  const { connection, seen } = connect();
  now = noon + 71 * 60_000;
  hub.writeTwin('dev', 'patch', { desired: { a: 1 } });
  expect(seen).toEqual(['close IotHubUnauthorizedAccess']);
  expect(connection.isAlive()).toBe(false);
  expect(hub.connections.isConnected('dev')).toBe(false);
});

test('a device that is deleted leaves nothing behind', () => {
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
