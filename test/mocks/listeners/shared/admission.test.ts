import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { globalEndpoint, dpsTopics } from '../../../../core/wire/dps-wire.ts';
import { BoundedProbation } from '../../../../mocks/listeners/shared/probation.ts';
import { dpsToken, hubToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { HubAmqpClient } from '../../clients/hub-amqp-client.ts';
import { createDevice } from '../../clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { amqpHeader, frame, saslHeader } from '../../clients/raw-amqp.ts';
import { pemOf } from '../../clients/raw-https.ts';
import { connectPacket, publishPacket, RawMqtt, subscribePacket } from '../../clients/raw-mqtt.ts';

const keys = symmetricKeys();
const [hub] = hubs;
let open: OpenCloud;
let hubKey: Buffer;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0, clientTimeouts: { admissionMs: 1500 } });
  open.cloud.operator.putEnrollment(individual('dev', keys));
  hubKey = await createDevice(open, 'meter');
});
afterAll(() => open.cloud.close());
afterEach(() => vi.useRealTimers());

const userNameOf = (id: string): string => `${idScope}/registrations/${id}/api-version=2019-03-31`;
const connectAs = (id: string, password?: string): Buffer =>
  connectPacket({
    clientId: id,
    username: userNameOf(id),
    ...(password === undefined ? {} : { password }),
    keepalive: 0,
  });
const withBadToken = (id: string): Buffer => connectAs(id, dpsToken(symmetricKeys().primaryKey, id));
const register = publishPacket(dpsTopics.register('1'), '{"registrationId":"dev"}');
const opening = frame('open', { container_id: 'raw', hostname: globalEndpoint });
const beginning = frame('begin', { next_outgoing_id: 0, incoming_window: 100, outgoing_window: 100 });
const silently = Buffer.concat([saslHeader, frame('sasl_init', { mechanism: 'ANONYMOUS' })]);

/** Clients that keep a connection open and never authenticate. */
const held: readonly (readonly [string, 'mqtt' | 'amqp', (id: string) => readonly Buffer[]])[] = [
  ['MQTT with a bad token', 'mqtt', (id) => [withBadToken(id)]],
  [
    'MQTT with a bad token and a subscription',
    'mqtt',
    (id) => [withBadToken(id), subscribePacket(1, [dpsTopics.responses, 0])],
  ],
  ['MQTT without credentials', 'mqtt', (id) => [connectAs(id)]],
  ['AMQP without links', 'amqp', () => [amqpHeader, opening]],
  ['AMQP with a session', 'amqp', () => [amqpHeader, opening, beginning]],
  ['AMQP with SASL ANONYMOUS only', 'amqp', () => [silently, amqpHeader, opening]],
];

test('a listener ends connections whose clients never authenticate, and keeps the others', async () => {
  const registered = await RawMqtt.open(open.cloud);
  await registered.connect({
    clientId: 'dev',
    username: userNameOf('dev'),
    password: dpsToken(keys.primaryKey, 'dev'),
  });
  registered.send(subscribePacket(1, [dpsTopics.responses, 0]), register);
  expect(await registered.next()).toMatchObject({ kind: 'suback' });
  expect(await registered.next()).toMatchObject({ topic: expect.stringContaining('/res/202/') });
  const connected = await RawMqtt.open(open.cloud);
  const hubUser = `${hub}/meter/?api-version=2021-04-12`;
  const token = hubToken(hubKey, hub, 'meter');
  expect(await connected.connect({ clientId: 'meter', username: hubUser, password: token })).toBe(0);
  const overAmqp = await HubAmqpClient.open(open.cloud, { username: 'meter@sas.hub-eu', password: token });
  onTestFinished(() => overAmqp.connection.close());

  // Each client has a separate client ID, because a second connection with the same ID would end the first.
  const ends = held.flatMap(([name, door, sent], at) => [
    endOf(`${name} over TLS`, overTls(door), sent(`tls-${at}`)),
    endOf(`${name} over a WebSocket`, overWebSocket(door), sent(`ws-${at}`)),
  ]);
  expect(await Promise.all(ends)).toEqual(
    held.flatMap(([name]) => [`${name} over TLS: ended`, `${name} over a WebSocket: ended`]),
  );
  // These devices connected before the other clients, so the time limit for authentication has passed for these devices as well.
  expect(await registered.flush()).toEqual([]);
  expect(await connected.flush()).toEqual([]);
  expect(overAmqp.connection.is_open()).toBe(true);
  registered.close();
  connected.close();
  const told = open.history.events().filter((event) => event.kind === 'wire' && event.to === 'listener');
  expect(told).toHaveLength(2 * held.length);
});

test('a listener gives a client more time to authenticate after the service asked the client to retry', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const end = vi.fn();
  const probation = new BoundedProbation(30_000, end);
  vi.advanceTimersByTime(29_000);
  probation.requested();
  probation.answered(404);
  probation.requested();
  probation.answered(429, 60);
  vi.advanceTimersByTime(89_000);
  expect(end).not.toHaveBeenCalled();
  probation.requested();
  probation.answered(401);
  vi.advanceTimersByTime(1000);
  expect(end).toHaveBeenCalledOnce();
});

test('a listener ends no connection while the client waits for an answer', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const end = vi.fn();
  const probation = new BoundedProbation(30_000, end);
  probation.requested();
  vi.advanceTimersByTime(299_000);
  expect(end).not.toHaveBeenCalled();
  probation.answered(401);
  vi.advanceTimersByTime(30_000);
  expect(end).toHaveBeenCalledOnce();
});

test('a listener ends no connection after the client has authenticated', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const end = vi.fn();
  const probation = new BoundedProbation(30_000, end);
  probation.requested();
  probation.answered(202);
  probation.requested();
  probation.answered(429, 1);
  vi.advanceTimersByTime(600_000);
  expect(end).not.toHaveBeenCalled();
});

/** Returns TLS options of a client that trusts the root of the mock. */
function trust(): ConnectionOptions & object {
  return { ca: pemOf(open.cloud.serverRoot), servername: globalEndpoint };
}

async function overTls(door: 'mqtt' | 'amqp'): Promise<Duplex> {
  const socket = tlsConnect({
    host: '127.0.0.1',
    port: open.cloud.ports[door],
    ...trust(),
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function overWebSocket(door: 'mqtt' | 'amqp'): Promise<Duplex> {
  const subProtocol = door === 'mqtt' ? 'mqtt' : 'AMQPWSB10';
  const url = `wss://127.0.0.1:${open.cloud.ports.https}/$iothub/websocket`;
  const socket = new WebSocket(url, subProtocol, trust());
  await once(socket, 'open');
  return createWebSocketStream(socket);
}

/** Sends packets and waits until the server has ended the connection. Returns the name of the client and how it ended. */
async function endOf(name: string, opened: Promise<Duplex>, sent: readonly Buffer[]): Promise<string> {
  const stream = await opened;
  onTestFinished(() => void stream.destroy());
  stream.on('error', () => {}).resume();
  for (const each of sent) stream.write(each);
  const limit = AbortSignal.timeout(8000);
  return new Promise((resolve) => {
    limit.addEventListener('abort', () => resolve(`${name}: still open`));
    for (const event of ['end', 'close']) stream.once(event, () => resolve(`${name}: ended`));
  });
}
