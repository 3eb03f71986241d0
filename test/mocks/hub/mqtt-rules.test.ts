import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import {
  connectPacket,
  packet,
  pubackPacket,
  publishPacket,
  RawMqtt,
  subscribePacket,
  unsubscribePacket,
} from '../clients/raw-mqtt.ts';
import { connectDevice, nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
const keys = symmetricKeys();
let open: OpenCloud;
let key: Buffer;
const connections: RawMqtt[] = [];

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'dev');
  open.cloud.operator.putEnrollment(individual('dev', keys));
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

async function atHub(fields: Parameters<typeof connectDevice>[3] = {}): Promise<RawMqtt> {
  const connection = await connectDevice(open, 'dev', key, fields);
  connections.push(connection);
  return connection;
}

async function atDps(): Promise<RawMqtt> {
  const connection = await dial();
  const username = `${idScope}/registrations/dev/api-version=2021-06-01`;
  const password = dpsToken(keys.primaryKey, 'dev');
  expect(await connection.connect({ clientId: 'dev', username, password })).toBe(0);
  return connection;
}

/** Returns the last failed check with its judge and the value that it found. */
function lastRefusal(): string {
  return `${open.lastVerdict()}: ${open.decisions().at(-1)?.checks.at(-1)?.found}`;
}

describe('an invalid first packet', () => {
  test.each([
    ['of a mosquitto bridge', 'MQTT', 0x84],
    ['of a mosquitto bridge with MQTT 3.1', 'MQIsdp', 0x83],
    ['of MQTT 3.1', 'MQIsdp', 3],
    ['of MQTT 5, whatever follows', 'MQTT', 5],
    ['of no version yet', 'MQTT', 6],
    ['0', 'MQTT', 0],
    ['255', 'MQTT', 255],
  ])('with protocol level %s gets CONNACK 1 [MQTT-3.1.2-2]', async (_name, protocol, level) => {
    const connection = await dial();
    expect(await connection.connect({ clientId: 'dev', protocol, level })).toBe(1);
    expect(await connection.next()).toEqual({ kind: 'closed' });
    expect(lastRefusal()).toContain(`dps request-well-formed: protocol level ${level}`);
  });

  test('with protocol level 5 leaves a decision and a message at the hub that the TLS handshake named', async () => {
    const connection = await RawMqtt.open(open.cloud, undefined, 2000, hub);
    connections.push(connection);
    expect(await connection.connect({ clientId: 'dev', level: 5 })).toBe(1);
    expect(open.decisions().at(-1)).toMatchObject({ judge: 'hub', about: `MQTT connect at ${hub}` });
    expect(lastRefusal()).toBe('hub hub-request-well-formed: protocol level 5 (MQTT 5)');
    expect(open.history.events().findLast(({ kind }) => kind === 'wire')).toMatchObject({
      to: hub,
      message: 'protocol level 5 (MQTT 5) → CONNACK 1',
    });
  });

  test('with a wrong protocol level gets CONNACK 1 even if the packet arrives byte by byte', async () => {
    const connection = await dial();
    for (const octet of connectPacket({ clientId: 'dev', level: 0x84 })) connection.send(Buffer.from([octet]));
    expect(await connection.next()).toEqual({ kind: 'connack', sessionPresent: false, code: 1 });
    expect(await connection.next()).toEqual({ kind: 'closed' });
  });

  test.each([
    ['another type than CONNECT', Buffer.from([0x30, 0x03, 0, 1, 65])],
    ['a length of five octets', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 1])],
    ['a long protocol name', packet(0x10, [Buffer.from([0, 200]), Buffer.alloc(200, 65)])],
  ])('with %s closes the connection and leaves a decision', async (_name, octets) => {
    const before = open.decisions().length;
    const connection = await dial();
    connection.send(octets);
    expect(await connection.next()).toEqual({ kind: 'closed' });
    expect(open.decisions().length).toBe(before + 1);
    expect(lastRefusal()).toMatch(/^dps request-well-formed: (a PUBLISH before CONNECT|an unreadable packet: .+)$/);
  });
});

describe('an MQTT packet with packet ID 0 ends the connection [MQTT-2.3.1-1]', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['SUBSCRIBE', subscribePacket(0, ['$iothub/twin/res/#', 0])],
    ['UNSUBSCRIBE', unsubscribePacket(0, '$iothub/twin/res/#')],
    ['PUBLISH', publishPacket('devices/dev/messages/events/', 'nought', 1, 0)],
  ];

  test.each(cases)('in a %s at a hub', async (kind, octets) => {
    const device = await atHub();
    device.send(octets);
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(open.lastVerdict()).toBe('hub hub-request-well-formed');
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toContain(kind);
    expect(open.history.events().some((event) => event.kind === 'wire' && event.message.includes('nought'))).toBe(
      false,
    );
  });

  test.each([
    ['SUBSCRIBE', subscribePacket(0, [dpsTopics.responses, 0])],
    ['UNSUBSCRIBE', unsubscribePacket(0, dpsTopics.responses)],
    ['PUBLISH', publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', '{}', 1, 0)],
  ])('in a %s at DPS', async (kind, octets) => {
    const device = await atDps();
    device.send(octets);
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(open.lastVerdict()).toBe('dps request-well-formed');
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toContain(kind);
  });
});

test.each([
  ['QoS 2', publishPacket('devices/dev/messages/events/', 'x', 2, 1)],
  ['a topic of another device', publishPacket('devices/other/messages/events/', 'x', 1, 1)],
  ['a topic that there is none of', publishPacket('home/kitchen', 'x', 1, 1)],
  ['a topic with a wildcard', publishPacket('devices/#/messages/events/', 'x', 1, 1)],
  ['a topic with U+0000 [MQTT-1.5.3-2]', publishPacket('devices/dev/messages/events/a=\0', 'x', 1, 1)],
  ['a CONNACK', Buffer.from([0x20, 2, 0, 0])],
  ['a SUBACK', Buffer.from([0x90, 3, 0, 1, 0])],
  ['a PINGRESP', Buffer.from([0xd0, 0])],
  ['a SUBSCRIBE without a filter', Buffer.from([0x82, 2, 0, 1])],
  ['an empty topic', publishPacket('', 'x', 1, 1)],
  ['broken properties', publishPacket('devices/dev/messages/events/a=%zz', 'x', 1, 1)],
  [
    'a report of more than 256 KB',
    publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=1', Buffer.alloc(262_145, 32), 1, 1),
  ],
])('the history contains the failed check that ended a connection: %s', async (_name, octets) => {
  const device = await atHub();
  device.send(octets);
  expect(await device.next()).toEqual({ kind: 'closed' });
  expect(open.lastVerdict()).toBe('hub hub-request-well-formed');
  expect(open.decisions().at(-1)?.subject).toBe('dev');
});

describe('an unacknowledged message', () => {
  const filter = 'devices/dev/messages/devicebound/#';

  afterEach(async () => {
    expect((await askAsOwner(open, 'DELETE', '/devices/dev/commands')).status).toBe(200);
  });

  test('is sent again with DUP [MQTT-3.3.1-1], and with the same packet ID if the session is kept [MQTT-4.4.0-1]', async () => {
    const send = (text: string) => open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from(text) });
    const first = await atHub({ clean: false });
    await subscribe(first, filter);
    for (const text of ['one', 'two', 'three']) expect(send(text)).toMatchObject({ ok: true });
    const [one, two, three] = [await nextMessage(first), await nextMessage(first), await nextMessage(first)];
    expect([one.dup, two.dup, three.dup]).toEqual([false, false, false]);
    first.send(pubackPacket(two.id));
    await first.flush();
    first.close();
    const second = await atHub({ clean: false });
    const [again, last] = [await nextMessage(second), await nextMessage(second)];
    expect([again, last]).toMatchObject([
      { text: 'one', dup: true, id: one.id },
      { text: 'three', dup: true, id: three.id },
    ]);
    send('four');
    const fresh = await nextMessage(second);
    expect(fresh).toMatchObject({ text: 'four', dup: false });
    expect([one.id, three.id]).not.toContain(fresh.id);
    second.send(pubackPacket(again.id), pubackPacket(last.id), pubackPacket(fresh.id));
    await second.flush();
    second.close();
    expect(await (await atHub({ clean: false })).flush()).toEqual([]);
  });
});
