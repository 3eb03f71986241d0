import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../../core/cloud/fidelity.ts';
import { hubToken } from '../../clients/credentials.ts';
import { askAsOwner, createDevice } from '../../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import {
  connectPacket,
  disconnectPacket,
  pubackPacket,
  publishPacket,
  RawMqtt,
  subscribePacket,
  unsubscribePacket,
  type ConnectFields,
  type Packet,
} from '../../clients/raw-mqtt.ts';

const [hub] = hubs;
const minuteMs = 60_000;
let open: OpenCloud;
let keys: ReadonlyMap<string, Buffer>;
const connections: RawMqtt[] = [];

beforeAll(async () => {
  open = await openCloud();
  const names = ['dev', 'other', 'old', 'InvokeThrottling', 'InvokeMaxMessageQuota', 'InvokeAuthError'];
  keys = new Map(await Promise.all(names.map(async (id) => [id, await createDevice(open, id)] as const)));
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  open.clock.set(noon);
  await isAway();
});
afterAll(() => open.cloud.close());

/** Waits until the hub knows that the device is disconnected. Until then, the hub would send messages to the old connection. */
async function isAway(): Promise<void> {
  const state = async () => (await askAsOwner(open, 'GET', '/devices/dev')).body?.['connectionState'];
  await expect.poll(state).toBe('Disconnected');
}

async function dial(id: string, changed: ConnectFields = {}, at: OpenCloud = open): Promise<RawMqtt> {
  const connection = await RawMqtt.open(at.cloud);
  connections.push(connection);
  const code = await connection.connect({
    clientId: id,
    username: `${hub}/${id}/?api-version=2021-04-12`,
    password: hubToken(keys.get(id) ?? Buffer.alloc(0), hub, id),
    ...changed,
  });
  expect(code).toBe(0);
  return connection;
}

async function subscribe(
  device: RawMqtt,
  ...filters: readonly (readonly [string, number])[]
): Promise<readonly number[]> {
  device.send(subscribePacket(1, ...filters));
  const packet = await device.next();
  return packet.kind === 'suback' ? packet.codes : [];
}

async function published(device: RawMqtt): Promise<Packet & { kind: 'publish' }> {
  const packet = await device.next();
  if (packet.kind !== 'publish') throw new Error(`expected a message, got ${packet.kind}`);
  return packet;
}

const told = (from: string, to: string): string[] =>
  open.history
    .events()
    .flatMap((event) => (event.kind === 'wire' && event.from === from && event.to === to ? [event.message] : []));

const toDevice = (text: string, more: object = {}) =>
  open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from(text), ...more });

describe('a hub, in twin operations over MQTT,', () => {
  test('returns the twin, and repeats the request ID unchanged in the answer', async () => {
    const device = await dial('dev');
    await subscribe(device, ['$iothub/twin/res/#', 0]);
    device.send(publishPacket('$iothub/twin/GET/?$rid=a%20b', ' '));
    const answer = await published(device);
    expect(answer).toMatchObject({ topic: '$iothub/twin/res/200/?$rid=a%20b', qos: 0, retain: false });
    expect(JSON.parse(answer.text)).toEqual({ desired: { $version: 1 }, reported: { $version: 1 } });
    device.send(publishPacket('$iothub/twin/GET?$rid=2', ''));
    expect((await published(device)).topic).toBe('$iothub/twin/res/200/?$rid=2');
  });

  test('accepts valid reported properties of the device, and answers invalid reported properties with 400', async () => {
    const device = await dial('dev');
    await subscribe(device, ['$iothub/twin/res/#', 1]);
    const report = async (body: string) => {
      device.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=1', body, 1, 9));
      expect((await device.next()).kind).toBe('puback');
      return published(device);
    };
    expect(await report('{"a":1,"b":{"c":2}}')).toMatchObject({
      topic: '$iothub/twin/res/204/?$rid=1&$version=2',
      text: '',
    });
    expect(await report('{"b":null}')).toMatchObject({ topic: '$iothub/twin/res/204/?$rid=1&$version=3' });
    for (const body of ['{', '[]', 'null', '{"a.b":1}', `{"a":"${'x'.repeat(4097)}"}`, '']) {
      const refused = await report(body);
      expect(refused.topic).toBe('$iothub/twin/res/400/?$rid=1');
      expect(JSON.parse(refused.text)).toMatchObject({
        errorCode: expect.any(Number) as unknown,
        message: expect.any(String) as unknown,
        trackingId: expect.any(String) as unknown,
      });
    }
    expect((await askAsOwner(open, 'GET', '/twins/dev')).body?.['properties']).toMatchObject({
      reported: { a: 1, $version: 3 },
    });
  });

  test('sends no twin to a device that has not subscribed to answers', async () => {
    const device = await dial('dev');
    device.send(publishPacket('$iothub/twin/GET/?$rid=1', ''));
    expect(await device.flush()).toEqual([]);
  });

  test('notifies a subscribed device of each change of desired properties', async () => {
    const device = await dial('dev');
    await subscribe(device, ['$iothub/twin/PATCH/properties/desired/#', 1]);
    await askAsOwner(open, 'PATCH', '/twins/dev', { body: { properties: { desired: { rate: 5, x: { y: 1 } } } } });
    const first = await published(device);
    expect(first.topic).toBe('$iothub/twin/PATCH/properties/desired/?$version=2');
    expect(JSON.parse(first.text)).toEqual({ rate: 5, x: { y: 1 }, $version: 2 });
    await askAsOwner(open, 'PATCH', '/twins/dev', { body: { tags: { site: 'Ulm' } } });
    await askAsOwner(open, 'PUT', '/twins/dev', { body: { properties: { desired: { rate: 6 } } } });
    const second = await published(device);
    expect(second.topic).toBe('$iothub/twin/PATCH/properties/desired/?$version=3');
    expect(JSON.parse(second.text)).toEqual({ rate: 6, x: null, $version: 3 });
  });
});

describe('direct methods over MQTT', () => {
  const call = (more: object = {}) =>
    askAsOwner(open, 'POST', '/twins/dev/methods', { body: { methodName: 'open', payload: { by: 3 }, ...more } });
  const offline = { status: 404, headers: { 'iothub-errorcode': 'DeviceNotOnline' } };

  test('are sent to the device, and its answer is returned to the service', async () => {
    const device = await dial('dev');
    await subscribe(device, ['$iothub/methods/POST/#', 0]);
    const answered = call();
    const asked = await published(device);
    expect(JSON.parse(asked.text)).toEqual({ by: 3 });
    const rid = /^\$iothub\/methods\/POST\/open\/\?\$rid=(.+)$/.exec(asked.topic)?.[1] ?? '';
    device.send(publishPacket(`$iothub/methods/res/201/?$rid=${rid}`, '{"opened":3}'));
    expect(await answered).toMatchObject({ status: 200, body: { status: 201, payload: { opened: 3 } } });
  });

  test('return 502 for an answer that is not JSON, and null for an empty answer', async () => {
    const device = await dial('dev');
    await subscribe(device, ['$iothub/methods/POST/#', 0]);
    for (const [text, expected] of [
      ['{', { status: 502 }],
      ['', { status: 200, body: { status: 200, payload: null } }],
    ] as const) {
      const answered = call();
      const { topic } = await published(device);
      device.send(publishPacket(topic.replace('POST/open', 'res/200'), text));
      expect(await answered).toMatchObject(expected);
    }
  });

  test('fail if the device is offline, has no subscription, or disconnects', async () => {
    const away = await call();
    expect(away).toMatchObject(offline);
    expect(JSON.parse(String(away.body?.['Message']))).toMatchObject({ errorCode: 404_103 });
    const device = await dial('dev');
    expect(await call()).toMatchObject(offline);
    await subscribe(device, ['$iothub/methods/POST/#', 0]);
    const answered = call();
    await published(device);
    device.close();
    expect(await answered).toMatchObject(offline);
  });

  test('wait for the device to connect until their timeout', async () => {
    const answered = call({ connectTimeoutInSeconds: 20 });
    const device = await dial('dev');
    await subscribe(device, ['$iothub/methods/POST/#', 0]);
    const { topic } = await published(device);
    device.send(publishPacket(topic.replace('POST/open', 'res/200'), '1'));
    expect(await answered).toMatchObject({ status: 200, body: { payload: 1 } });
  });

  test('ignore an answer of another device, and a second answer', async () => {
    const [device, thief] = [await dial('dev'), await dial('other')];
    await subscribe(device, ['$iothub/methods/POST/#', 0]);
    const answered = call();
    const { topic } = await published(device);
    const answer = topic.replace('POST/open', 'res/200');
    thief.send(publishPacket(answer, '"forged"'));
    expect(await thief.flush()).toEqual([]);
    device.send(publishPacket(answer, '"real"'), publishPacket(answer, '"late"'));
    expect(await answered).toMatchObject({ body: { payload: 'real' } });
    expect(await device.flush()).toEqual([]);
  });
});

describe('messages to a device over MQTT', () => {
  const filter = 'devices/dev/messages/devicebound/#';

  afterEach(async () => {
    expect((await askAsOwner(open, 'DELETE', '/devices/dev/commands')).status).toBe(200);
  });

  test('carry their properties in the topic', async () => {
    const device = await dial('dev');
    await subscribe(device, [filter, 1]);
    expect(toDevice('hot', { messageId: 'm/1', properties: { 'a b': 'c&d=ü' } })).toMatchObject({ ok: true });
    const message = await published(device);
    expect(message).toMatchObject({ text: 'hot', qos: 1, retain: false });
    expect(message.topic).toBe(
      'devices/dev/messages/devicebound/%24.to=%2Fdevices%2Fdev%2Fmessages%2FdeviceBound&%24.mid=m%2F1' +
        '&%24.exp=2026-01-05T13%3A00%3A00.000Z&a%20b=c%26d%3D%C3%BC',
    );
  });

  test('wait while the device is offline, arrive in order, and are sent again until the device acknowledges them', async () => {
    for (const text of ['one', 'two', 'three']) toDevice(text);
    const first = await dial('dev');
    await subscribe(first, [filter, 1]);
    const [one, two] = [await published(first), await published(first)];
    expect([one.text, two.text]).toEqual(['one', 'two']);
    first.send(pubackPacket(one.id));
    await first.flush();
    first.close();
    await isAway();
    const second = await dial('dev');
    await subscribe(second, [filter, 1]);
    expect([(await published(second)).text, (await published(second)).text]).toEqual(['two', 'three']);
    expect((await askAsOwner(open, 'GET', '/devices/dev')).body?.['cloudToDeviceMessageCount']).toBe(2);
  });

  test('at QoS 0 leave the queue when they are sent', async () => {
    const device = await dial('dev');
    await subscribe(device, [filter, 0]);
    toDevice('fire and forget');
    expect(await published(device)).toMatchObject({ qos: 0, text: 'fire and forget' });
    expect((await askAsOwner(open, 'GET', '/devices/dev')).body?.['cloudToDeviceMessageCount']).toBe(0);
  });

  test('expire after an hour, or after their own time to live', async () => {
    toDevice('short', { timeToLiveMs: minuteMs });
    toDevice('long');
    open.clock.set(noon + minuteMs);
    const device = await dial('dev');
    await subscribe(device, [filter, 1]);
    expect((await device.flush()).map((packet) => packet.kind === 'publish' && packet.text)).toEqual(['long']);
  });

  test('are limited to fifty in the queue, and to 64 KB each', () => {
    expect(toDevice('x'.repeat(65_537))).toMatchObject({
      failure: { sentence: expect.stringContaining('exceeds') as unknown },
    });
    for (let count = 0; count < 50; count++) expect(toDevice('x')).toMatchObject({ ok: true });
    expect(toDevice('x')).toMatchObject({ failure: { sentence: expect.stringContaining('50') as unknown } });
    expect(open.cloud.operator.sendToDevice(hub, 'ghost', { body: Buffer.from('x') })).toMatchObject({
      failure: { sentence: 'Device not registered' },
    });
  });

  test('are kept in a persistent session and dropped in a clean session', async () => {
    const kept = await dial('dev', { clean: false });
    await subscribe(kept, [filter, 1], ['#', 1]);
    kept.send(disconnectPacket);
    expect(await kept.next()).toEqual({ kind: 'closed' });
    toDevice('kept');
    const again = await RawMqtt.open(open.cloud);
    connections.push(again);
    const fields = { clientId: 'dev', username: `${hub}/dev/?api-version=2021-04-12` };
    const password = hubToken(keys.get('dev') ?? Buffer.alloc(0), hub, 'dev');
    again.send(connectPacket({ ...fields, password, clean: false }));
    expect(await again.next()).toEqual({ kind: 'connack', sessionPresent: true, code: 0 });
    const message = await published(again);
    expect(message.text).toBe('kept');
    again.send(pubackPacket(message.id), unsubscribePacket(4, filter));
    expect((await again.next()).kind).toBe('unsuback');
    again.close();
    const last = await dial('dev', { clean: false });
    toDevice('unheard');
    expect(await last.flush()).toEqual([]);
    await subscribe(last, [filter, 1]);
    expect((await published(last)).text).toBe('unheard');
    const clean = await dial('dev', { clean: true });
    expect(await clean.flush()).toEqual([]);
    const after = await dial('dev', { clean: false });
    expect(await after.flush()).toEqual([]);
  });
});

describe('an MQTT connection to a hub', () => {
  test('ends with the recorded error 400027 if a newer connection of the device replaces it', async () => {
    const [older] = [await dial('dev'), await dial('dev')];
    expect(await older.next()).toEqual({ kind: 'closed' });
    expect(told(hub, 'dev').at(-1)).toContain('400027 ConnectionForcefullyClosedOnNewConnection');
  });

  test('stays for ten minutes after its token expires', async () => {
    const device = await dial('dev');
    open.clock.set(noon + 70 * minuteMs);
    expect(await device.flush()).toEqual([]);
    open.clock.set(noon + 70 * minuteMs + 1);
    device.send(Buffer.from([0xc0, 0]));
    await expect.poll(() => told(hub, 'dev').at(-1)).toContain('401002');
    const rest = [await device.next(), await device.next()].map(({ kind }) => kind);
    expect(rest).toContain('closed');
  });

  test('ends when the identity of its device is disabled', async () => {
    const device = await dial('other');
    expect(open.cloud.operator.setHubIdentityStatus(hub, 'other', 'disabled')).toMatchObject({ ok: true });
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(open.cloud.operator.setHubIdentityStatus(hub, 'other', 'enabled')).toMatchObject({ ok: true });
  });

  test('without `api-version` has only telemetry and messages, or all features if `hubWithoutApiVersion` is `full`', async () => {
    const filters = [
      ['devices/old/messages/devicebound/#', 1],
      ['$iothub/twin/res/#', 0],
      ['$iothub/methods/POST/#', 0],
    ] as const;
    const username = `${hub}/old`;
    expect(await subscribe(await dial('old', { username }), ...filters)).toEqual([1, 128, 128]);
    const full = await openCloud({ fidelity: { ...defaultFidelity, hubWithoutApiVersion: 'full' } });
    const key = await createDevice(full, 'old');
    const device = await dial('old', { username, password: hubToken(key, hub, 'old') }, full);
    expect(await subscribe(device, ...filters)).toEqual([1, 0, 0]);
    await full.cloud.close();
  });

  test('gets CONNACK 5 if the hub is unknown and `unknownHubOverMqtt` is `5`', async () => {
    const five = await openCloud({ fidelity: { ...defaultFidelity, unknownHubOverMqtt: '5' } });
    const device = await RawMqtt.open(five.cloud);
    expect(await device.connect({ clientId: 'dev', username: 'no.azure-devices.net/dev', password: 'x' })).toBe(5);
    await five.cloud.close();
  });

  test('of a module that the hub does not have is refused', async () => {
    const device = await RawMqtt.open(open.cloud);
    const username = `${hub}/dev/edge/?api-version=2021-04-12`;
    expect(await device.connect({ clientId: 'dev/edge', username, password: 'x' })).toBe(5);
  });
});

describe('telemetry over MQTT', () => {
  const bag = 'devices/dev/messages/events/';

  test('has the retain flag as a message property, and the hub does not retain the message', async () => {
    const device = await dial('dev');
    device.send(publishPacket(bag, 'retained', 1, 7, true));
    expect((await device.next()).kind).toBe('puback');
    expect(told('dev', hub).at(-1)).toBe(`PUBLISH ${bag} retained {mqtt-retain=true}`);
  });

  test('includes a last will, unless the device sends DISCONNECT', async () => {
    const will = { topic: `${bag}why=power`, text: 'farewell' };
    const leaving = await dial('dev', { will });
    leaving.send(disconnectPacket);
    expect(await leaving.next()).toEqual({ kind: 'closed' });
    expect(told('dev', hub).join()).not.toContain('farewell');
    (await dial('dev', { will })).close();
    await expect.poll(() => told('dev', hub).at(-1)).toBe(`PUBLISH ${bag}why=power farewell {iothub-MessageType=Will}`);
  });

  test('with an invalid percent escape ends the connection', async () => {
    const device = await dial('dev');
    device.send(publishPacket(`${bag}a=%zz`, 'x', 1, 7));
    expect(await device.next()).toEqual({ kind: 'closed' });
  });
});

describe('a fault that a device requests over MQTT', () => {
  const order = (type: string, seconds = 0, id = 'dev') =>
    publishPacket(
      `devices/${id}/messages/events/AzIoTHub_FaultOperationType=${type}&AzIoTHub_FaultOperationCloseReason=%20boom%20` +
        `&AzIoTHub_FaultOperationDelayInSecs=1&AzIoTHub_FaultOperationDurationInSecs=${seconds}`,
      '',
      1,
      7,
    );

  test.each(['KillTcp', 'ShutDownMqtt', 'KillAmqpConnection'])(
    '%s ends the connection before the PUBACK',
    async (type) => {
      const device = await dial('dev');
      device.send(order(type));
      expect(await device.next()).toEqual({ kind: 'closed' });
      expect(told(hub, 'dev').at(-1)).toContain(`The device requested a fault: ${type} boom`);
      expect((await (await dial('dev')).flush()).length).toBe(0);
    },
  );

  test.each([
    ['InvokeThrottling', '429001'],
    ['InvokeMaxMessageQuota', '403002'],
    ['InvokeAuthError', '401002'],
  ])('%s makes the hub refuse telemetry for the requested duration', async (type, code) => {
    const device = await dial(type);
    device.send(order(type, 30, type));
    expect((await device.next()).kind).toBe('puback');
    device.send(publishPacket(`devices/${type}/messages/events/`, 'refused', 1, 8));
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(told(type, hub).at(-1)).toContain(code);
    open.clock.set(noon + 30_000);
    const later = await dial(type);
    later.send(publishPacket(`devices/${type}/messages/events/`, 'taken', 1, 9));
    expect((await later.next()).kind).toBe('puback');
  });

  test('with an unknown name is accepted as an ordinary message', async () => {
    const device = await dial('dev');
    device.send(order('KillMars'));
    expect((await device.next()).kind).toBe('puback');
  });
});
