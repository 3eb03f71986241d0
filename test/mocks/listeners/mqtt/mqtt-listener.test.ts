import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../../core/cloud/fidelity.ts';
import { globalEndpoint, dpsTopics } from '../../../../core/wire/dps-wire.ts';
import { mint, shows } from '../../clients/certificates.ts';
import { connectMqttJs } from '../../clients/mqtt-js.ts';
import { dpsToken, hubToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { hubs, idScope, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { pemOf } from '../../clients/raw-https.ts';
import {
  connectPacket,
  publishPacket,
  RawMqtt,
  subscribePacket,
  unsubscribePacket,
  type ConnectFields,
  type Packet,
} from '../../clients/raw-mqtt.ts';

let open: OpenCloud;
const keys = symmetricKeys();
const connections: RawMqtt[] = [];

beforeAll(async () => {
  open = await openCloud();
  for (const id of ['dev-1', 'dev-2']) {
    expect(open.cloud.operator.putEnrollment(individual(id, { ...keys }))).toMatchObject({ ok: true });
  }
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => open.cloud.close());

async function dial(): Promise<RawMqtt> {
  const connection = await RawMqtt.open(open.cloud);
  connections.push(connection);
  return connection;
}

function fieldsOf(id: string, changed: ConnectFields = {}): ConnectFields {
  return {
    clientId: id,
    username: `${idScope}/registrations/${id}/api-version=2019-03-31&ClientVersion=azure-iot-provisioning-device%2F1.9.1`,
    password: dpsToken(keys.primaryKey, id),
    ...changed,
  };
}

/** Connects a device and subscribes it to the answers of DPS. */
async function arrive(id = 'dev-1', changed: ConnectFields = {}): Promise<RawMqtt> {
  const connection = await dial();
  expect(await connection.connect(fieldsOf(id, changed))).toBe(0);
  connection.send(subscribePacket(1, [dpsTopics.responses, 1]));
  expect(await connection.next()).toEqual({ kind: 'suback', id: 1, codes: [1] });
  return connection;
}

function answerOf(packet: Packet): { topic: string; body: Record<string, unknown> } {
  if (packet.kind !== 'publish') throw new Error(`expected an answer, got ${JSON.stringify(packet)}`);
  return { topic: packet.topic, body: JSON.parse(packet.text) as Record<string, unknown> };
}

const user = (text: string): ConnectFields => ({ username: text });

const topicsSeen = async (device: RawMqtt): Promise<string[]> =>
  (await device.flush()).map((packet) => answerOf(packet).topic);

const tenAccepted = (name: string): string[] =>
  Array.from({ length: 10 }, (_, round) => `$dps/registrations/res/202/?$rid=${name}-${round}&retry-after=3`);

const reached = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = tcpConnect({ host, port, timeout: 500 });
    const end = (yes: boolean) => () => (socket.destroy(), resolve(yes));
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });

describe('the CONNACK of DPS', () => {
  test.each<[string, ConnectFields, number | 'closed']>([
    ['a good device', {}, 0],
    ['a user name without ClientVersion', user(`${idScope}/registrations/dev-1/api-version=2019-03-31`), 0],
    ['a raw user agent', user(`${idScope}/registrations/dev-1/api-version=2019-03-31&azure sdk/c 1.0`), 0],
    ['a client ID in capitals', { clientId: 'DEV-1' }, 0],
    ['no clean session', { clean: false }, 0],
    ['a token with a bad signature', { password: dpsToken(randomBytes(32), 'dev-1') }, 0],
    ['a token that has run out', { password: dpsToken(keys.primaryKey, 'dev-1', { se: 0 }) }, 0],
    ['a password that is no token', { password: 'hunter2' }, 0],
    [
      'a device that is not enrolled',
      { ...user(`${idScope}/registrations/ghost/api-version=2019-03-31`), clientId: 'ghost' },
      0,
    ],
    ['another ID scope', user('0neFFFFFFFF/registrations/dev-1/api-version=2019-03-31'), 3],
    ['another client ID', { clientId: 'dev-2' }, 5],
    ['no api-version', user(`${idScope}/registrations/dev-1`), 0],
    ['an unknown api-version', user(`${idScope}/registrations/dev-1/api-version=1999-01-01`), 0],
    ['a user name of another form', user('admin'), 5],
    ['MQTT 3.1', { protocol: 'MQIsdp', level: 3 }, 1],
    ['MQTT 5 without properties', { level: 5 }, 1],
    ['no protocol of that name', { protocol: 'MQTX' }, 'closed'],
  ])('has the code of the real service, or DPS closes the connection: %s', async (_name, changed, code) => {
    const connection = await dial();
    const fields = fieldsOf('dev-1', changed);
    if (changed.level === 5) {
      // In MQTT 5 the length of the properties, here zero, comes before the client ID.
      const bytes = connectPacket(fields);
      const at = bytes.indexOf(Buffer.from([0, 180])) + 2;
      const rest = Buffer.concat([bytes.subarray(bytes.indexOf('MQTT') - 2, at), Buffer.from([0]), bytes.subarray(at)]);
      connection.send(Buffer.from([0x10, (rest.length & 0x7f) | 0x80, rest.length >> 7]), rest);
    } else {
      connection.send(connectPacket(fields));
    }
    const answered = await connection.next();
    expect(answered).toEqual(code === 'closed' ? { kind: 'closed' } : { kind: 'connack', sessionPresent: false, code });
    if (code !== 0) expect(await connection.next()).toEqual({ kind: 'closed' });
    else expect(await connection.flush()).toEqual([]);
  });

  // Common name of the certificate, value of the switch registrationIdCase, and expected CONNACK code.
  test.each([
    ['unit', 'sensitive', 0],
    ['UNIT', 'sensitive', 5],
    ['other', 'sensitive', 5],
    ['UNIT', 'insensitive', 0],
    ['other', 'insensitive', 5],
  ] as const)(
    'to a certificate with the common name "%s", under `registrationIdCase: %s`, has the code %i if the registration ID is "unit"',
    async (name, registrationIdCase, code) => {
      const strict = await openCloud({ fidelity: { ...defaultFidelity, registrationIdCase } });
      try {
        const device = await RawMqtt.open(strict.cloud, shows(await mint(name)));
        connections.push(device);
        const fields = { clientId: 'unit', username: `${idScope}/registrations/unit/api-version=2019-03-31` };
        expect(await device.connect(fields)).toBe(code);
        expect(strict.lastVerdict()).toBe(code === 0 ? 'none' : 'dps common-name-matches');
      } finally {
        await strict.cloud.close();
      }
    },
  );

  test('is 5 for a client without a user name', async () => {
    expect(await (await dial()).connect({ clientId: 'dev-1' })).toBe(5);
  });

  test('never has "session present", because DPS stores no sessions', async () => {
    for (let again = 0; again < 2; again++) {
      const connection = await dial();
      connection.send(connectPacket(fieldsOf('dev-1', { clean: false })));
      expect(await connection.next()).toEqual({ kind: 'connack', sessionPresent: false, code: 0 });
      connection.send(subscribePacket(1, [dpsTopics.responses, 1]), Buffer.from([0xe0, 0]));
      await connection.next();
    }
  });

  test('is not sent for a second CONNECT, or for a message before the first CONNECT; DPS ends the connection in both cases', async () => {
    const twice = await arrive();
    twice.send(connectPacket(fieldsOf('dev-1')));
    expect(await twice.next()).toEqual({ kind: 'closed' });
    const early = await dial();
    early.send(publishPacket(dpsTopics.register('1'), '{}'));
    expect(await early.next()).toEqual({ kind: 'closed' });
  });
});

describe('a registration over MQTT', () => {
  test('gets 202, 202 and 200 on the topics of the service', async () => {
    const device = await arrive();
    device.send(publishPacket(dpsTopics.register('5c9a-1'), '{"registrationId":"dev-1"}', 1, 9));
    const [first, second] = [await device.next(), await device.next()];
    expect([first, second]).toContainEqual({ kind: 'puback', id: 9, codes: [] });
    const accepted = answerOf(first.kind === 'puback' ? second : first);
    expect(accepted.topic).toBe('$dps/registrations/res/202/?$rid=5c9a-1&retry-after=3');
    const operationId = String(accepted.body['operationId']);
    expect(operationId).toMatch(/^\d\.[0-9a-f]{16}\.[0-9a-f-]{36}$/);
    expect(accepted.body).toEqual({ operationId, status: 'assigning' });

    device.send(publishPacket(dpsTopics.operationStatus('5c9a-2', operationId), ' '));
    const running = answerOf(await device.next());
    expect(running.topic).toBe('$dps/registrations/res/202/?$rid=5c9a-2&retry-after=3');
    expect(running.body['registrationState']).toEqual({ registrationId: 'dev-1', status: 'assigning' });

    open.clock.set(noon + 2000);
    device.send(publishPacket(dpsTopics.operationStatus('5c9a-3', operationId), '{"registrationId":"dev-1"}'));
    const done = answerOf(await device.next());
    open.clock.set(noon);
    expect(done.topic).toBe('$dps/registrations/res/200/?$rid=5c9a-3');
    expect(done.body).toMatchObject({
      operationId,
      status: 'assigned',
      registrationState: { deviceId: 'dev-1', substatus: 'initialAssignment' },
    });

    device.send(unsubscribePacket(3, dpsTopics.responses));
    expect(await device.next()).toEqual({ kind: 'unsuback', id: 3, codes: [] });
    device.send(Buffer.from([0xe0, 0]));
    expect(await device.next()).toEqual({ kind: 'closed' });
  });

  test.each([['1'], ['a=b'], ['%24'], ['x'.repeat(200)], ['größe'], ['00000000-0000-0000-0000-000000000000']])(
    'echoes the request ID %s unchanged',
    async (rid) => {
      const device = await arrive();
      device.send(publishPacket(dpsTopics.register(rid), '{}'));
      expect(answerOf(await device.next()).topic).toBe(`$dps/registrations/res/202/?$rid=${rid}&retry-after=3`);
    },
  );

  test('gets answers at QoS 0 or 1, which are not retained', async () => {
    const device = await arrive();
    device.send(publishPacket(dpsTopics.register('1'), '{}'));
    expect(await device.next()).toMatchObject({ kind: 'publish', retain: false, qos: 0 });
  });

  test.each<[string, string | Buffer, number, number]>([
    ['malformed JSON', '{', 400, 400003],
    ['the ID of another device', '{"registrationId":"dev-2"}', 400, 400004],
    ['an array', '[]', 400, 400004],
    ['a body above 96 KB', Buffer.alloc(96 * 1024 + 1, 32), 413, 413001],
  ])('gets the error for %s and keeps the connection', async (_name, body, status, errorCode) => {
    const device = await arrive();
    device.send(publishPacket(dpsTopics.register('7'), body));
    const answer = answerOf(await device.next());
    expect(answer.topic).toBe(`$dps/registrations/res/${status}/?$rid=7`);
    expect(answer.body['errorCode']).toBe(errorCode);
    expect(await device.flush()).toEqual([]);
  });

  test('gets 404 for an unknown operation, and for an operation of another device', async () => {
    const [one, two] = [await arrive('dev-1'), await arrive('dev-2')];
    one.send(publishPacket(dpsTopics.register('1'), '{}'));
    const operationId = String(answerOf(await one.next()).body['operationId']);
    for (const asked of ['', '4.0.0', operationId]) {
      two.send(publishPacket(dpsTopics.operationStatus('2', asked), ' '));
      const answer = answerOf(await two.next());
      expect([answer.topic, answer.body['errorCode']]).toEqual(['$dps/registrations/res/404/?$rid=2', 404202]);
    }
  });
});

describe('an MQTT client with an invalid token', () => {
  test.each<[string, ConnectFields]>([
    ['a bad signature', { password: dpsToken(randomBytes(32), 'dev-1') }],
    ['a token that ran out 301 s ago', { password: dpsToken(keys.primaryKey, 'dev-1', { se: noon / 1000 - 301 }) }],
    ['a token that cannot be read', { password: 'SharedAccessSignature sr=x&skn=registration' }],
    ['no token', { password: '' }],
  ])(
    'can connect and subscribe at DPS, but its first request gets 401 and ends the connection: %s',
    async (_name, changed) => {
      const device = await arrive('dev-1', changed);
      device.send(publishPacket(dpsTopics.register('1'), '{"registrationId":"dev-1"}'));
      const { topic, body } = answerOf(await device.next());
      expect(topic).toBe('$dps/registrations/res/401/?$rid=1');
      expect(Object.keys(body)).toEqual(['errorCode', 'trackingId', 'message', 'timestampUtc']);
      expect([body['errorCode'], body['message']]).toEqual([401000, 'Unauthorized']);
      expect(await device.next()).toEqual({ kind: 'closed' });
    },
  );

  test('gets the 401 from DPS even if it sends more packets directly after its first request', async () => {
    const devices = await Promise.all(
      Array.from({ length: 20 }, () =>
        arrive('dev-1', { password: 'nothing', clientId: 'dev-1' }).catch(() => undefined),
      ),
    );
    // All devices use one client ID, so only the last device stays connected. This device must get its answer.
    const left = devices.filter((device) => device !== undefined);
    const outcomes = await Promise.all(
      left.map(async (device) => {
        device.send(
          publishPacket(dpsTopics.register('1'), '{}', 1, 1),
          Buffer.from([0xc0, 0]),
          publishPacket(dpsTopics.register('2'), '{}'),
        );
        const kinds: string[] = [];
        for (let packet = await device.next(); packet.kind !== 'closed'; packet = await device.next()) {
          kinds.push(packet.kind === 'publish' ? packet.topic : packet.kind);
        }
        return kinds;
      }),
    );
    expect(outcomes.filter((kinds) => kinds.includes('$dps/registrations/res/401/?$rid=1'))).toHaveLength(1);
  });
});

describe('a device may not', () => {
  test.each([
    ['#'],
    ['$dps/#'],
    ['$dps/registrations/#'],
    ['$dps/registrations/res/+/'],
    ['$SYS/#'],
    ['devices/dev-2/messages/devicebound/#'],
    ['+/+/+/+/#'],
    ['$share/g/$dps/registrations/res/#'],
  ])('subscribe to %s', async (filter) => {
    const device = await arrive();
    device.send(subscribePacket(2, [filter, 1]));
    expect(await device.next()).toEqual({ kind: 'suback', id: 2, codes: [128] });
    expect(await device.flush()).toEqual([]);
  });

  test('subscribe to a refused topic, but gets the permitted subscriptions of the same packet', async () => {
    const device = await dial();
    await device.connect(fieldsOf('dev-1'));
    device.send(subscribePacket(2, ['#', 0], [dpsTopics.responses, 0], ['$SYS/#', 1]));
    expect(await device.next()).toEqual({ kind: 'suback', id: 2, codes: [128, 0, 128] });
  });

  test('get QoS 2 for a subscription: DPS grants QoS 1 at most', async () => {
    const device = await dial();
    await device.connect(fieldsOf('dev-1'));
    device.send(subscribePacket(2, [dpsTopics.responses, 2]));
    expect(await device.next()).toEqual({ kind: 'suback', id: 2, codes: [1] });
  });

  test.each([
    ['an unknown topic', publishPacket('hello', 'world')],
    ['an answer of the service', publishPacket('$dps/registrations/res/200/?$rid=1', '{}')],
    ['a register topic without request ID', publishPacket('$dps/registrations/PUT/iotdps-register/', '{}')],
    ['a register topic with an empty request ID', publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=', '{}')],
    ['telemetry', publishPacket('devices/dev-1/messages/events/', '{}', 1, 4)],
    ['a system topic', publishPacket('$SYS/broker', '{}')],
    ['a topic with a wildcard', publishPacket(dpsTopics.register('#'), '{}')],
    ['QoS 2', publishPacket(dpsTopics.register('1'), '{}', 2, 4)],
    ['QoS 3', publishPacket(dpsTopics.register('1'), '{}', 3, 4)],
  ])('publish %s: DPS ends the connection without an answer', async (_name, bytes) => {
    const device = await arrive();
    device.send(bytes);
    expect(await device.next()).toEqual({ kind: 'closed' });
  });

  test('make DPS retain a request for a later client', async () => {
    const device = await arrive();
    device.send(publishPacket(dpsTopics.register('1'), '{}', 0, 0, true));
    expect(answerOf(await device.next()).topic).toContain('/202/');
    const next = await arrive('dev-2');
    expect(await next.flush()).toEqual([]);
  });

  test('make DPS deliver its last will', async () => {
    const will = { topic: dpsTopics.register('9'), text: '{"registrationId":"dev-1"}', retain: true };
    const before = open.decisions().length;
    const device = await arrive('dev-1', { will });
    const watcher = await arrive('dev-2');
    device.close();
    expect(await watcher.flush()).toEqual([]);
    expect(open.decisions().length).toBe(before);
  });

  test('receive an answer without a subscription or after unsubscribing', async () => {
    const device = await dial();
    await device.connect(fieldsOf('dev-1'));
    device.send(publishPacket(dpsTopics.register('1'), '{}'));
    expect(await device.flush()).toEqual([]);
    device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('2'), '{}'));
    expect((await device.flush()).map(({ kind }) => kind)).toEqual(['suback', 'publish']);
    device.send(unsubscribePacket(2, dpsTopics.responses));
    expect((await device.next()).kind).toBe('unsuback');
    device.send(publishPacket(dpsTopics.register('3'), '{}'));
    expect(await device.flush()).toEqual([]);
  });
});

describe('two devices at once', () => {
  test("never receive each other's answers", async () => {
    const [one, two] = [await arrive('dev-1'), await arrive('dev-2')];
    for (let round = 0; round < 10; round++) {
      one.send(publishPacket(dpsTopics.register(`one-${round}`), '{}'));
      two.send(publishPacket(dpsTopics.register(`two-${round}`), '{}'));
    }
    expect(await topicsSeen(one)).toEqual(tenAccepted('one'));
    expect(await topicsSeen(two)).toEqual(tenAccepted('two'));
  });

  test('with the same client ID at DPS cannot both stay connected: DPS ends the older connection', async () => {
    const [older, newer] = [await arrive(), await arrive()];
    expect(await older.next()).toEqual({ kind: 'closed' });
    expect(await newer.flush()).toEqual([]);
  });

  test('with the same client ID, one at DPS and one at a hub, both stay connected', async () => {
    const atDps = await arrive();
    atDps.send(publishPacket(dpsTopics.register('1'), '{}'));
    const operation = answerOf(await atDps.next()).body;
    open.clock.set(noon + 2000);
    atDps.send(publishPacket(dpsTopics.operationStatus('2', String(operation['operationId'])), ' '));
    const state = answerOf(await atDps.next()).body['registrationState'] as { assignedHub: string };
    open.clock.set(noon);
    const atHub = await dial();
    const hub = state.assignedHub;
    expect(hubs).toContain(hub);
    expect(
      await atHub.connect({
        clientId: 'dev-1',
        username: `${hub}/dev-1/?api-version=2021-04-12`,
        password: hubToken(keys.primaryKey, hub, 'dev-1'),
      }),
    ).toBe(0);
    expect(await atDps.flush()).toEqual([]);
    expect(await atHub.flush()).toEqual([]);
  });
});

test('mqtt.js, the MQTT client inside the Node SDK, can register a device', async () => {
  const client = await connectMqttJs(open.cloud, fieldsOf('dev-1'));
  try {
    const [grant] = await client.subscribeAsync(dpsTopics.responses, { qos: 1 });
    expect(grant?.qos).toBe(1);
    const answered = new Promise<string>((resolve) => client.once('message', (topic) => resolve(topic)));
    await client.publishAsync(dpsTopics.register('sdk'), '{"registrationId":"dev-1"}', { qos: 1 });
    expect(await answered).toBe('$dps/registrations/res/202/?$rid=sdk&retry-after=3');
    await client.unsubscribeAsync(dpsTopics.responses);
  } finally {
    await client.endAsync();
  }
});

describe('the listeners', () => {
  test('are reachable on 127.0.0.1 and on no other address of this computer', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((one) => (one === undefined || one.address === '127.0.0.1' ? [] : [one]));
    const addresses = [
      '127.0.0.2',
      ...others.map(({ address, family, scopeid }) =>
        family === 'IPv6' && scopeid ? `${address}%${scopeid}` : address,
      ),
    ];
    for (const port of Object.values(open.cloud.ports)) {
      expect(await reached('127.0.0.1', port)).toBe(true);
      for (const address of addresses)
        expect([address, port, await reached(address, port)]).toEqual([address, port, false]);
    }
  });

  test.each(['https', 'mqtt'] as const)(
    'over %s speak only TLS 1.2 and newer, and send a chain that names every host',
    async (door) => {
      const port = open.cloud.ports[door];
      const handshake = (version: 'TLSv1.1' | 'TLSv1.2', servername: string): Promise<string> =>
        new Promise((resolve) => {
          const socket = tlsConnect({
            host: '127.0.0.1',
            port,
            servername,
            ca: pemOf(open.cloud.serverRoot),
            minVersion: version,
            maxVersion: version,
            ciphers: 'DEFAULT@SECLEVEL=0',
          });
          socket.on('secureConnect', () => (socket.destroy(), resolve(socket.getProtocol() ?? '?')));
          socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        });
      expect(await handshake('TLSv1.1', globalEndpoint)).not.toBe('TLSv1.1');
      for (const host of [globalEndpoint, 'my-dps.azure-devices-provisioning.net', hubs[0], 'localhost']) {
        expect(await handshake('TLSv1.2', host)).toMatch(/^TLSv1\.[23]$|^\?$/);
      }
      expect(await handshake('TLSv1.2', 'example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    },
  );

  test('close at once, even with clients that are connected or connecting', async () => {
    const own = await openCloud();
    const idle = Object.values(own.cloud.ports).map((port) =>
      tcpConnect({ host: '127.0.0.1', port }).on('error', () => {}),
    );
    const silent = await RawMqtt.open(own.cloud);
    const open = await RawMqtt.open(own.cloud);
    await open.connect(fieldsOf('dev-1'));
    const start = performance.now();
    await own.cloud.close();
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await silent.next()).toEqual({ kind: 'closed' });
    expect(await open.next()).toEqual({ kind: 'closed' });
    for (const socket of idle) socket.destroy();
  });
});
