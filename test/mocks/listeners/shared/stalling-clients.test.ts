import { once } from 'node:events';
import { connect as tcpConnect, type Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { derivedKey, dpsToken, group, hubToken, serviceToken, symmetricKeys } from '../../clients/credentials.ts';
import { deviceListeners, registerAt, type DeviceListener as Door } from '../../clients/device-at-listener.ts';
import { askAsOwner, createDevice, ownerOf } from '../../clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { amqpHeader, frame } from '../../clients/raw-amqp.ts';
import { pemOf } from '../../clients/raw-https.ts';
import { connectPacket, publishPacket, subscribePacket } from '../../clients/raw-mqtt.ts';

/** Timeouts that are long enough for a valid client on a busy machine and short enough for a test. */
const clientTimeouts = { handshakeMs: 1500, openingMs: 1500, requestMs: 1500, unreadMs: 1500 };
const keys = symmetricKeys();
const [hub] = hubs;
const crashes: unknown[] = [];
const bad: Socket[] = [];
let devices = 0;
let open: OpenCloud;
let meterKey: Buffer;

const crashed = (reason: unknown): void => {
  crashes.push(reason);
};

beforeAll(async () => {
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  open = await openCloud({ assignmentMs: 0, clientTimeouts });
  open.cloud.operator.putEnrollmentGroup(group('line', keys));
  // Twins are large, so that a small request has a large answer.
  const tags = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, 'x'.repeat(2500)]));
  const desired = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`p${at}`, 'y'.repeat(4000)]));
  for (const id of ['meter', ...Array.from({ length: 9 }, (_, at) => `meter-${at}`)]) {
    const key = await createDevice(open, id);
    if (id === 'meter') meterKey = key;
    const twin = await askAsOwner(open, 'PATCH', `/twins/${id}`, { body: { tags, properties: { desired } } });
    expect(twin.status).toBe(200);
  }
});
afterEach(async () => {
  for (const socket of bad.splice(0)) socket.destroy();
  await othersAreAnswered();
  expect(crashes.splice(0)).toEqual([]);
});
afterAll(async () => {
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  await open.cloud.close();
});

/** Checks that a new device can register over a listener. */
async function anotherIsAnswered(door: Door): Promise<void> {
  const id = `dev-${++devices}`;
  const shown = { token: dpsToken(derivedKey(keys.primaryKey, id), id) };
  expect((await registerAt(door, open, id, shown)).body).toMatchObject({ status: 'assigning' });
}

async function othersAreAnswered(): Promise<void> {
  for (const door of deviceListeners) await anotherIsAnswered(door);
}

/** Opens a connection whose client keeps its side open after the server ends the other side. */
function plain(door: Door): Socket {
  return remember(tcpConnect({ host: '127.0.0.1', port: open.cloud.ports[door], allowHalfOpen: true }));
}

function secure(door: Door): Socket {
  const place = { host: '127.0.0.1', port: open.cloud.ports[door], servername: globalEndpoint, allowHalfOpen: true };
  const options: ConnectionOptions = { ...place, ca: pemOf(open.cloud.serverRoot) };
  return remember(tlsConnect(options));
}

function remember(socket: Socket): Socket {
  bad.push(socket);
  // An error of the connection also counts as the end of the connection.
  socket.on('error', () => {});
  return socket;
}

/** Waits until the server has ended the connection. Returns `held` if the server has not ended it after eight seconds. */
function end(socket: Socket): Promise<'dropped' | 'held'> {
  return new Promise((resolve) => {
    AbortSignal.timeout(8000).addEventListener('abort', () => resolve('held'));
    if (socket.destroyed) resolve('dropped');
    for (const event of ['end', 'close']) socket.once(event, () => resolve('dropped'));
  });
}

const hello = Buffer.from('16030100c8010000c40303', 'hex');
const upgrade = (subProtocol: string, path = '/$iothub/websocket'): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${subProtocol}`,
    '\r\n',
  ].join('\r\n');
const put = (length: number): string =>
  `PUT /${idScope}/registrations/dev/register?api-version=2021-06-01 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
const connect = connectPacket({ clientId: 'dev', username: `${idScope}/registrations/dev/api-version=2019-03-31` });
const openFrame = frame('open', { container_id: 'slow', hostname: 'localhost' });

/** The clients that stop before their message is complete: name, listener, and the bytes that the client sends over TLS before it stops. */
const stalls: readonly (readonly [string, Door, string | Buffer])[] = [
  ['nothing after the handshake', 'https', ''],
  ['nothing after the handshake', 'mqtt', ''],
  ['nothing after the handshake', 'amqp', ''],
  ['half the headers', 'https', put(100).slice(0, 60)],
  ['half a body', 'https', `${put(100)}{"payload":`],
  ['half a CONNECT', 'mqtt', connect.subarray(0, 20)],
  ['the protocol header and no more', 'amqp', amqpHeader],
  ['half an open frame', 'amqp', Buffer.concat([amqpHeader, openFrame.subarray(0, 15)])],
  ['half an upgrade to a WebSocket', 'https', upgrade('mqtt').slice(0, 90)],
  ['nothing inside a WebSocket for MQTT', 'https', upgrade('mqtt')],
  ['nothing inside a WebSocket for AMQP', 'https', upgrade('AMQPWSB10')],
  ['an upgrade that is refused, and stays', 'https', upgrade('soap')],
  ['CONNECT of MQTT 5, and stays', 'mqtt', Buffer.from('101000044d5154540502003c000003646576', 'hex')],
];

/** Requests that never end, sent byte by byte. */
const drips: readonly (readonly [Door, Buffer])[] = [
  ['https', Buffer.from(`GET / HTTP/1.1\r\nX-Slow: ${'z'.repeat(8000)}`)],
  ['mqtt', Buffer.concat([Buffer.from([0x10, 0xff, 0x7f]), Buffer.alloc(8000, 1)])],
  ['amqp', Buffer.concat([amqpHeader, Buffer.from('00002000', 'hex'), Buffer.alloc(8000, 2)])],
];

test('the listeners disconnect clients that stall, and serve other clients meanwhile', async () => {
  const all = new Map<string, Promise<'dropped' | 'held'>>();
  const watch = (name: string, socket: Socket): void => {
    socket.resume();
    all.set(name, end(socket));
  };
  for (const door of deviceListeners) {
    watch(`says nothing at all to ${door}`, plain(door));
    const half = plain(door);
    half.write(hello);
    watch(`stops in the middle of the handshake at ${door}`, half);
  }
  for (const [name, door, said] of stalls) {
    const socket = secure(door);
    if (said.length > 0) socket.write(said);
    watch(`sends ${name} (${door})`, socket);
  }
  const slow = drips.map(([door, octets]) => ({ socket: secure(door), octets, door }));
  for (const { socket, door } of slow) watch(`sends an octet at a time to ${door}`, socket);

  const outcomes = Promise.all([...all].map(async ([name, outcome]) => [name, await outcome] as const));
  let served = 0;
  const left = new Set(all.keys());
  for (const [name, outcome] of all) void outcome.then(() => left.delete(name));
  // Each client sends its next byte only after another client has got an answer. The other client's answer never depends on these bytes.
  for (let at = 0; left.size > 0; at++) {
    for (const { socket, octets } of slow) if (!socket.destroyed) socket.write(octets.subarray(at, at + 1));
    await othersAreAnswered();
    served++;
  }
  expect(Object.fromEntries(await outcomes)).toEqual(
    Object.fromEntries([...all.keys()].map((name) => [name, 'dropped'])),
  );
  expect(served).toBeGreaterThan(2);
});

describe('a listener disconnects a client that sends many requests and never reads', () => {
  const answersTo = (question: string): number =>
    open.history.events().filter((event) => event.kind === 'wire' && event.message.includes(question)).length;

  /** Sends requests without reading answers until the connection breaks. */
  async function flood(socket: Socket, first: string | Buffer, question: string | Buffer): Promise<void> {
    socket.write(first);
    await once(socket, 'readable');
    const broken = end(socket);
    const some = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(question)));
    const again = (error?: Error | null): void => {
      if (!error && !socket.destroyed) socket.write(some, again);
    };
    again();
    await othersAreAnswered();
    expect(await broken).toBe('dropped');
  }

  test('over HTTPS', async () => {
    const authorization = serviceToken(ownerOf(open), hub);
    const query = JSON.stringify({ query: 'SELECT * FROM devices' });
    const head = [`Host: ${hub}`, `Authorization: ${authorization}`, `Content-Length: ${query.length}`];
    const more = ['Content-Type: application/json', '', query];
    const request = ['POST /devices/query?api-version=2021-04-12 HTTP/1.1', ...head, ...more].join('\r\n');
    const socket = secure('https').pause();
    const broken = end(socket);
    // Sends one request at a time, each after another client got an answer, because Node treats many requests at once as invalid HTTP.
    while (!socket.destroyed && socket.bytesWritten < 1_000_000) {
      socket.write(request);
      await anotherIsAnswered('https');
    }
    expect(await broken).toBe('dropped');
    expect(answersTo('POST /devices/query')).toBeGreaterThan(3);
  });

  test('over MQTT', async () => {
    const login = connectPacket({
      clientId: 'meter',
      username: `${hub}/meter/?api-version=2021-04-12`,
      password: hubToken(meterKey, hub, 'meter'),
    });
    const first = Buffer.concat([login, subscribePacket(1, ['$iothub/twin/res/#', 0])]);
    await flood(secure('mqtt'), first, publishPacket('$iothub/twin/GET/?$rid=1', ''));
    expect(answersTo('$iothub/twin/GET')).toBeGreaterThan(10);
  });

  test('over a WebSocket, with pings', async () => {
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125, 7)]);
    await flood(secure('https'), upgrade('mqtt'), ping);
  });
});

describe('a listener at once disconnects a client that ends its sending side', () => {
  test.each<[string, Door, string | Buffer]>([
    ['before the first byte', 'https', ''],
    ['before the first byte', 'mqtt', ''],
    ['before the first byte', 'amqp', ''],
    ['in the middle of a request', 'https', `${put(100)}{`],
    ['after CONNECT', 'mqtt', connect],
    ['after the open frame', 'amqp', Buffer.concat([amqpHeader, openFrame])],
    ['inside a WebSocket', 'https', upgrade('AMQPWSB10')],
  ])('%s (listener: %s)', async (_name, door, said) => {
    const socket = secure(door);
    await new Promise((done) => {
      socket.once('secureConnect', done);
    });
    socket.end(said).resume();
    expect(await end(socket)).toBe('dropped');
  });
});
