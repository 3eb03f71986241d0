import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { mint, shows, yearMs } from '../clients/certificates.ts';
import { hubToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { dpsToken } from '../clients/credentials.ts';
import { register } from '../clients/device-wire.ts';
import { connectMqttJs } from '../clients/mqtt-js.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { ClientCertificate } from '../clients/raw-https.ts';
import { connectPacket, publishPacket, RawMqtt, subscribePacket, type ConnectFields } from '../clients/raw-mqtt.ts';

const [hub, otherHub] = hubs;
const keys = symmetricKeys();
let open: OpenCloud;
let certificate: ClientCertificate;
let renewed: ClientCertificate;
const connections: RawMqtt[] = [];

beforeAll(async () => {
  open = await openCloud();
  const { operator } = open.cloud;
  const terms = { allocationPolicy: 'static', hubs: [hub] } as const;
  const leaf = await mint('cert-1');
  certificate = shows(leaf);
  renewed = shows(await mint('cert-1', { keys: leaf.keys }));
  for (const id of ['dev-1', 'dev-2', 'blocked']) operator.putEnrollment(individual(id, { ...keys }, terms));
  operator.putEnrollment(individual('sn-9', { ...keys }, { ...terms, deviceId: 'Kitchen' }));
  operator.putEnrollment(individual('cert-1', { type: 'x509', primary: leaf.der }, terms));
  for (const id of ['dev-1', 'dev-2', 'blocked', 'sn-9']) {
    expect((await register(open.cloud, id, { token: dpsToken(keys.primaryKey, id) })).status).toBe(202);
  }
  expect((await register(open.cloud, 'cert-1', { client: certificate })).status).toBe(202);
  expect(operator.setHubIdentityStatus(hub, 'blocked', 'disabled')).toMatchObject({ ok: true });
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => open.cloud.close());

async function dial(client?: ClientCertificate): Promise<RawMqtt> {
  const connection = await RawMqtt.open(open.cloud, client);
  connections.push(connection);
  return connection;
}

function fieldsOf(id: string, changed: ConnectFields = {}, host: string = hub): ConnectFields {
  return {
    clientId: id,
    username: `${host}/${id}/?api-version=2021-04-12&DeviceClientType=azure-iot-device%2F1.18.4%20(node)`,
    password: hubToken(keys.primaryKey, host, id),
    clean: false,
    ...changed,
  };
}

async function arrive(id: string, changed: ConnectFields = {}): Promise<RawMqtt> {
  const connection = await dial();
  expect(await connection.connect(fieldsOf(id, changed))).toBe(0);
  return connection;
}

const telemetry = (id: string, body: string | Buffer = '{"t":21}', qos = 0): Buffer =>
  publishPacket(`devices/${id}/messages/events/`, body, qos, 7);

/** Returns the telemetry payloads that the hub accepted from a device. */
const taken = (id: string): string[] =>
  open.history
    .events()
    .flatMap((event) =>
      event.kind === 'wire' && event.from === id && event.to === hub && event.message.startsWith('PUBLISH')
        ? [event.message]
        : [],
    );

const wire = async (id: string, password: string): Promise<unknown[]> => {
  const connection = await dial();
  connection.send(connectPacket(fieldsOf(id, { password })));
  return [await connection.next(), await connection.next()];
};

describe('a hub, at a CONNECT of a device,', () => {
  const se = noon / 1000;

  test.each<[string, string, ConnectFields, number, string]>([
    ['a device with its primary key', 'dev-1', {}, 0, 'hub passed'],
    [
      'a device with its secondary key',
      'dev-1',
      { password: hubToken(keys.secondaryKey, hub, 'dev-1') },
      0,
      'hub passed',
    ],
    ['a host with a port', 'dev-1', { username: `${hub}:8883/dev-1/?api-version=2021-04-12` }, 0, 'hub passed'],
    ['a renamed device', 'Kitchen', {}, 0, 'hub passed'],
    [
      'a token that ran out 300 s ago',
      'dev-1',
      { password: hubToken(keys.primaryKey, hub, 'dev-1', se - 300) },
      0,
      'hub passed',
    ],
    [
      'a token that ran out 301 s ago',
      'dev-1',
      { password: hubToken(keys.primaryKey, hub, 'dev-1', se - 301) },
      5,
      'hub hub-token-fresh',
    ],
    ['a missing device', 'ghost', {}, 5, 'hub hub-identity-found'],
    ['a device ID in another case', 'kitchen', {}, 5, 'hub hub-identity-found'],
    ['a disabled device', 'blocked', {}, 5, 'hub hub-identity-enabled'],
    [
      'a wrong key',
      'dev-1',
      { password: hubToken(randomBytes(64), hub, 'dev-1') },
      5,
      'hub hub-token-signature-matches',
    ],
    [
      "another device's token",
      'dev-1',
      { password: hubToken(keys.primaryKey, hub, 'dev-2') },
      5,
      'hub hub-token-well-formed',
    ],
    [
      "another hub's token",
      'dev-1',
      { password: hubToken(keys.primaryKey, otherHub, 'dev-1') },
      5,
      'hub hub-token-well-formed',
    ],
    ['a DPS token', 'dev-1', { password: dpsToken(keys.primaryKey, 'dev-1') }, 5, 'hub hub-token-well-formed'],
    ['no token that can be read', 'dev-1', { password: 'hunter2' }, 5, 'hub hub-token-well-formed'],
    ['an empty password', 'dev-1', { password: '' }, 5, 'hub hub-credential-type-matches'],
    ['a device that is known by its certificate', 'cert-1', {}, 5, 'hub hub-credential-type-matches'],
    ['another hub', 'dev-1', { username: `${otherHub}/dev-1/?api-version=2021-04-12` }, 5, 'hub hub-identity-found'],
    [
      'a hub of another owner',
      'dev-1',
      { username: 'hub-xx.azure-devices.net/dev-1/?api-version=2021-04-12' },
      3,
      'hub hub-known',
    ],
    ['another client ID', 'dev-1', { clientId: 'dev-2' }, 5, 'hub client-id-matches'],
  ])('accepts or refuses the connection as documented: %s', async (_name, id, changed, code, verdict) => {
    const connection = await dial();
    expect(await connection.connect(fieldsOf(id, changed))).toBe(code);
    expect(open.lastVerdict()).toBe(verdict);
    if (code !== 0) expect(await connection.next()).toEqual({ kind: 'closed' });
  });

  test('accepts only the certificate that its registry has, even if another certificate has the same key', async () => {
    const none: ConnectFields = { clientId: 'cert-1', username: `${hub}/cert-1/?api-version=2021-04-12` };
    expect(await (await dial(certificate)).connect(none)).toBe(0);
    expect(await (await dial(renewed)).connect(none)).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-thumbprint-matches');
    expect(await (await dial()).connect(none)).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-credential-type-matches');
    open.clock.set(noon + yearMs);
    expect(await (await dial(certificate)).connect(none)).toBe(0);
    open.clock.set(noon + yearMs + 1000);
    expect(await (await dial(certificate)).connect(none)).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-certificate-valid-now');
    open.clock.set(noon);
  });

  test('sends the same CONNACK for an unknown device, a disabled device and a wrong credential', async () => {
    const bad = hubToken(randomBytes(64), hub, 'dev-1');
    const seen = [
      await wire('ghost', bad),
      await wire('blocked', hubToken(keys.primaryKey, hub, 'blocked')),
      await wire('dev-1', bad),
    ];
    for (const packets of seen) {
      expect(packets).toEqual([{ kind: 'connack', sessionPresent: false, code: 5 }, { kind: 'closed' }]);
    }
  });
});

describe('telemetry', () => {
  test.each([
    ['at QoS 0', 'devices/dev-1/messages/events/', 0],
    ['at QoS 1', 'devices/dev-1/messages/events/', 1],
    ['without the slash', 'devices/dev-1/messages/events', 1],
    ['with properties', 'devices/dev-1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8', 1],
  ])('is accepted %s', async (_name, topic, qos) => {
    const device = await arrive('dev-1');
    const before = taken('dev-1').length;
    device.send(publishPacket(topic, '{"t":21}', qos, 7));
    expect(await device.flush()).toEqual(qos === 1 ? [{ kind: 'puback', id: 7, codes: [] }] : []);
    expect(taken('dev-1').slice(before)).toEqual([`PUBLISH ${topic} {"t":21}`]);
  });

  test('of 256 KB is accepted, and one byte more ends the connection', async () => {
    const device = await arrive('dev-1');
    device.send(telemetry('dev-1', Buffer.alloc(256 * 1024, 32), 1));
    expect(await device.next()).toEqual({ kind: 'puback', id: 7, codes: [] });
    device.send(telemetry('dev-1', Buffer.alloc(256 * 1024 + 1, 32), 1));
    expect(await device.next()).toEqual({ kind: 'closed' });
  });

  test.each([
    ['at QoS 2', telemetry('dev-1', '{}', 2)],
    ["to another device's topic", telemetry('dev-2', 'forged')],
    ['to a topic that only begins like its own', publishPacket('devices/dev-1/messages/eventsX', 'forged')],
    ['as a command to another device', publishPacket('devices/dev-2/messages/devicebound/', 'forged')],
    ['as a command to itself', publishPacket('devices/dev-1/messages/devicebound/', 'forged')],
    ['to DPS', publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', '{}')],
    ['as a twin answer', publishPacket('$iothub/twin/res/200/?$rid=1', '{}')],
  ])('%s is not accepted, and the hub ends the connection', async (_name, bytes) => {
    const [device, victim] = [await arrive('dev-1'), await arrive('dev-2')];
    victim.send(subscribePacket(1, ['devices/dev-2/messages/devicebound/#', 1], ['$iothub/twin/res/#', 0]));
    expect((await victim.next()).kind).toBe('suback');
    const before = [taken('dev-1').length, taken('dev-2').length];
    device.send(bytes);
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(await victim.flush()).toEqual([]);
    expect([taken('dev-1').length, taken('dev-2').length]).toEqual(before);
  });

  test.each([['devices/dev-2/messages/devicebound/'], ['devices/dev-2/messages/events/'], ['$iothub/twin/res/200/']])(
    'in a last will to %s is not delivered',
    async (topic) => {
      const victim = await arrive('dev-2');
      victim.send(subscribePacket(1, ['devices/dev-2/messages/devicebound/#', 1], ['$iothub/twin/res/#', 0]));
      await victim.next();
      const before = taken('dev-2').length;
      const device = await arrive('dev-1', { will: { topic, text: 'forged', retain: true } });
      device.close();
      expect(await victim.flush()).toEqual([]);
      expect(taken('dev-2').length).toBe(before);
    },
  );
});

describe('subscriptions at a hub', () => {
  test('are granted at QoS 1 at most, and only for topics of the device that subscribes', async () => {
    const device = await arrive('dev-1');
    device.send(
      subscribePacket(
        3,
        ['devices/dev-1/messages/devicebound/#', 1],
        ['$iothub/twin/res/#', 0],
        ['$iothub/methods/POST/#', 2],
        ['$iothub/twin/PATCH/properties/desired/#', 1],
        ['devices/dev-2/messages/devicebound/#', 1],
        ['devices/+/messages/events/#', 1],
        ['devices/dev-1/messages/events/', 1],
        ['#', 0],
        ['$dps/registrations/res/#', 1],
      ),
    );
    expect(await device.next()).toEqual({ kind: 'suback', id: 3, codes: [1, 0, 1, 1, 128, 128, 128, 128, 128] });
  });

  test('that were refused are still refused in the next session', async () => {
    const first = await arrive('dev-2');
    first.send(subscribePacket(3, ['devices/dev-2/messages/devicebound/#', 1], ['#', 0]), Buffer.from([0xe0, 0]));
    await first.next();
    const second = await arrive('dev-2');
    const device = await arrive('dev-1');
    device.send(telemetry('dev-1', '{}', 1));
    await device.next();
    expect(await second.flush()).toEqual([]);
  });
});

describe('a second connection of a device', () => {
  test('ends the older connection', async () => {
    const [older, newer] = [await arrive('dev-1'), await arrive('dev-1')];
    expect(await older.next()).toEqual({ kind: 'closed' });
    newer.send(telemetry('dev-1', '{}', 1));
    expect(await newer.next()).toEqual({ kind: 'puback', id: 7, codes: [] });
  });

  test('does not end the older connection if the hub refuses the second connection', async () => {
    const device = await arrive('dev-1');
    expect(await (await dial()).connect(fieldsOf('dev-1', { password: 'forged' }))).toBe(5);
    expect(await (await dial()).connect(fieldsOf('dev-1', {}, otherHub))).toBe(5);
    expect(await device.flush()).toEqual([]);
  });

  test('does not end the connections of other devices', async () => {
    const [one, two] = [await arrive('dev-1'), await arrive('dev-2')];
    expect([await one.flush(), await two.flush()]).toEqual([[], []]);
  });
});

test('a client of mqtt.js sends telemetry', async () => {
  const client = await connectMqttJs(open.cloud, fieldsOf('dev-1'));
  await client.publishAsync('devices/dev-1/messages/events/', '{"from":"mqtt.js"}', { qos: 1 });
  await client.endAsync();
  expect(taken('dev-1').at(-1)).toContain('mqtt.js');
});
