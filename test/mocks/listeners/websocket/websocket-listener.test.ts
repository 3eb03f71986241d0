import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { globalEndpoint, dpsTopics } from '../../../../core/wire/dps-wire.ts';
import { AmqpClient, jsonOf } from '../../clients/amqp-client.ts';
import { mint, shows } from '../../clients/certificates.ts';
import { dpsToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { ask, pemOf, type ClientCertificate } from '../../clients/raw-https.ts';
import { connectPacket, publishPacket, subscribePacket } from '../../clients/raw-mqtt.ts';

let open: OpenCloud;
let certificate: ClientCertificate;
const keys = symmetricKeys();
const path = '/$iothub/websocket';

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  open.cloud.operator.putEnrollment(individual('dev', keys));
  const leaf = await mint('cert');
  open.cloud.operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
  certificate = shows(leaf);
});
afterAll(() => open.cloud.close());

function trust(client?: ClientCertificate): object {
  return { ca: pemOf(open.cloud.serverRoot), servername: globalEndpoint, ...client };
}

function dial(subProtocols: string | string[], at = path, client?: ClientCertificate): WebSocket {
  return new WebSocket(`wss://127.0.0.1:${open.cloud.ports.https}${at}`, subProtocols, trust(client));
}

async function arrive(subProtocols: string | string[], at = path, client?: ClientCertificate): Promise<WebSocket> {
  const socket = dial(subProtocols, at, client);
  await once(socket, 'open');
  return socket;
}

async function amqp(socket: WebSocket, id: string, token?: string): Promise<AmqpClient> {
  const login = token === undefined ? {} : { username: `${idScope}/registrations/${id}`, password: token };
  return AmqpClient.open(open.cloud, id, { ...login, stream: createWebSocketStream(socket) });
}

const userOf = (id: string) => `${idScope}/registrations/${id}/api-version=2019-03-31`;

function mqtt(id: string, password?: string, client?: ClientCertificate): Promise<MqttClient> {
  return connectAsync(`wss://127.0.0.1:${open.cloud.ports.https}${path}`, {
    wsOptions: trust(client),
    clientId: id,
    username: userOf(id),
    ...(password === undefined ? {} : { password }),
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 3000,
  });
}

/** Sends bytes of MQTT, waits for a number of packets, and returns the first byte of each. */
function conversation(stream: Duplex, bytes: Buffer, answers: number): Promise<number[]> {
  let heard = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    AbortSignal.timeout(3000).addEventListener('abort', () => reject(new Error(`heard ${heard.toString('hex')}`)));
    stream.on('data', (part: Buffer) => {
      heard = Buffer.concat([heard, part]);
      const heads: number[] = [];
      for (let at = 0; at + 1 < heard.length; at += 2 + (heard[at + 1] ?? 0)) heads.push(heard[at] ?? 0);
      if (heads.length === answers) resolve(heads);
    });
    if (bytes.length > 0) stream.write(bytes);
  });
}

/** Returns the topic of the next message that a device receives. */
const nextTopic = (device: MqttClient): Promise<string> =>
  new Promise((done) => {
    device.once('message', done);
  });

const doorsOf = (id: string): string[] =>
  open.history.events().flatMap((event) => (event.kind === 'wire' && event.from === id ? [event.door] : []));

describe('MQTT in a WebSocket', () => {
  test.each<[string, string, string]>([
    ['mqtt', path, 'mqtt'],
    ['the C SDK', path, 'MQTT'],
    ['a query', `${path}?iothub-no-client-cert=true`, 'mqtt'],
    ['percent-encoding', '/%24iothub/websocket', 'mqtt'],
    ['the C# SDK, at the root', '/', 'mqtt'],
    ['the Java SDK at DPS, at the default path of its library', '/mqtt', 'mqtt'],
  ])('is served with %s', async (_name, at, subProtocol) => {
    const socket = await arrive(subProtocol, at);
    expect(socket.protocol).toBe(subProtocol);
    const connect = connectPacket({
      clientId: 'dev',
      username: userOf('dev'),
      password: dpsToken(keys.primaryKey, 'dev'),
    });
    expect(await conversation(createWebSocketStream(socket), connect, 1)).toEqual([0x20]);
    socket.terminate();
  });

  test('carries a registration with a symmetric key, and closes normally', async () => {
    const device = await mqtt('dev', dpsToken(keys.primaryKey, 'dev'));
    await device.subscribeAsync(dpsTopics.responses);
    const answered = nextTopic(device);
    await device.publishAsync(dpsTopics.register('1'), '{}');
    expect(await answered).toBe('$dps/registrations/res/202/?$rid=1&retry-after=3');
    await device.endAsync();
    expect(new Set(doorsOf('dev'))).toEqual(new Set(['mqtt-ws']));
  });

  test('uses the certificate of the outer TLS connection', async () => {
    const device = await mqtt('cert', undefined, certificate);
    await device.subscribeAsync(dpsTopics.responses);
    const answered = nextTopic(device);
    await device.publishAsync(dpsTopics.register('1'), '{}');
    expect(await answered).toContain('/res/202/');
    await device.endAsync();
  });

  test('accepts bytes in frames of any size', async () => {
    const socket = await arrive('mqtt');
    const stream = createWebSocketStream(socket);
    const bytes = Buffer.concat([
      connectPacket({ clientId: 'dev', username: userOf('dev'), password: dpsToken(keys.primaryKey, 'dev') }),
      subscribePacket(1, [dpsTopics.responses, 0]),
    ]);
    for (const byte of bytes) socket.send(Buffer.from([byte]));
    expect(await conversation(stream, Buffer.alloc(0), 2)).toEqual([0x20, 0x90]);
    // A message to an unknown topic ends the connection and its WebSocket.
    const closed = once(socket, 'close');
    stream.write(publishPacket('x', ''));
    await closed;
  });
});

describe('AMQP in a WebSocket', () => {
  test('carries a registration with a symmetric key, and closes normally', async () => {
    const socket = await arrive('AMQPWSB10');
    const closed = once(socket, 'close');
    const device = await amqp(socket, 'dev', dpsToken(keys.primaryKey, 'dev'));
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
    await closed;
    expect(doorsOf('dev')).toContain('amqp-ws');
  });

  test('uses the certificate of the outer TLS connection', async () => {
    const device = await amqp(await arrive('AMQPWSB10', '/', certificate), 'cert');
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
  });

  test('answers data of another protocol with the AMQP header, and then closes', async () => {
    const socket = await arrive('AMQPWSB10');
    const [said, closed] = [once(socket, 'message'), once(socket, 'close')];
    socket.send(Buffer.from('GET / HTTP/1.1\r\n'));
    expect(String(((await said) as [Buffer])[0])).toBe('AMQP\u0003\u0001\0\0');
    await closed;
  });
});

test('the listener selects the first sub-protocol that it knows', async () => {
  const socket = await arrive(['soap', 'AMQPWSB10', 'mqtt']);
  expect(socket.protocol).toBe('AMQPWSB10');
  socket.terminate();
});

test('the listener opens an AMQP WebSocket at the path of the Python AMQP library', async () => {
  const socket = await arrive('AMQPWSB10', '/$servicebus/websocket/');
  expect(socket.protocol).toBe('AMQPWSB10');
  socket.terminate();
});

test('the listener opens a WebSocket for a target in absolute-form, as the Java SDK sends it for AMQP', async () => {
  const asked = request({
    host: '127.0.0.1',
    port: open.cloud.ports.https,
    path: `https://${globalEndpoint}${path}?iothub-no-client-cert=true`,
    headers: {
      Connection: 'Upgrade,Keep-Alive',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Protocol': 'AMQPWSB10',
    },
    ...trust(),
  });
  asked.end();
  const [response, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Duplex];
  expect(response.headers['sec-websocket-protocol']).toBe('AMQPWSB10');
  socket.destroy();
});

const key = { 'Sec-WebSocket-Key': randomBytes(16).toString('base64') };

/** Sends an upgrade request with the sub-protocol `mqtt`, and returns the answer of the server. */
async function upgradeWith(method: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const common = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'mqtt' };
  const place = { host: '127.0.0.1', port: open.cloud.ports.https, path };
  const asked = request({ ...place, method, headers: { ...common, ...headers }, ...trust() });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response.resume();
}

describe('the listener opens no WebSocket, and records what it found,', () => {
  test.each<[string, string | string[], string, number, string]>([
    ['at another path', 'mqtt', '/somewhere', 404, 'the path /somewhere'],
    ['below a path that is served', 'mqtt', `${path}/more`, 404, `the path ${path}/more`],
    ['at a path that cannot be read', 'mqtt', '/%', 404, 'the path /%'],
    ['for another sub-protocol', 'soap', path, 400, 'soap'],
    ['without a sub-protocol', [], path, 400, 'no sub-protocol'],
  ])('%s', async (_name, subProtocols, at, status, found) => {
    const socket = dial(subProtocols, at);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toBe(`Unexpected server response: ${status}`);
    expect(open.lastVerdict()).toMatch(/request-well-formed$/);
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toBe(found);
  });

  test.each<[string, string, Record<string, string>]>([
    ['of another protocol', 'an upgrade to h2c', { Upgrade: 'h2c' }],
    ['of another version', 'Sec-WebSocket-Version: 99', { ...key, 'Sec-WebSocket-Version': '99' }],
    ['without a version', 'no Sec-WebSocket-Version', key],
    ['without a key', 'no Sec-WebSocket-Key', { 'Sec-WebSocket-Version': '13' }],
    ['with a short key', 'Sec-WebSocket-Key: AAAA', { 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAA' }],
  ])('for an upgrade request %s', async (_name, found, headers) => {
    const answer = await upgradeWith('GET', headers);
    expect(answer.statusCode).toBe(400);
    expect(open.lastVerdict()).toMatch(/request-well-formed$/);
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toBe(found);
  });

  test('for an upgrade request with another method', async () => {
    const answer = await upgradeWith('POST', { ...key, 'Sec-WebSocket-Version': '13' });
    expect(answer.statusCode).toBe(400);
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toBe('the method POST');
  });

  test('and names version 13 in the answer to another version (RFC 6455 4.4)', async () => {
    const { headers } = await upgradeWith('GET', { ...key, 'Sec-WebSocket-Version': '99' });
    expect(headers['sec-websocket-version']).toBe('13');
  });

  test('for requests of the HTTPS API on the same port', async () => {
    const answer = await ask(open.cloud, { path: '/' });
    expect(answer.status).toBe(404);
  });
});

describe.each(['mqtt', 'AMQPWSB10'])('a WebSocket of %s', (subProtocol) => {
  test('ends with 1003 after a text frame, which is not read', async () => {
    const socket = await arrive(subProtocol);
    const before = open.history.events().length;
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    socket.send('\u0010\u000e\0\u0004MQTT\u0004\u0002\0<\0\u0002ab');
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, heard, open.history.events().length]).toEqual([1003, [], before]);
  });

  test('ends with 1009 after a frame of a megabyte', async () => {
    const socket = await arrive(subProtocol);
    socket.on('error', () => {});
    socket.send(Buffer.alloc(1024 * 1024));
    const [code] = (await once(socket, 'close')) as [number];
    // If a client still sends when the server disconnects it, the client may see only the end of the connection (1006).
    expect([1006, 1009]).toContain(code);
  });

  test('answers a ping', async () => {
    const socket = await arrive(subProtocol);
    socket.ping('are you there');
    expect(String(((await once(socket, 'pong')) as [Buffer])[0])).toBe('are you there');
    socket.close();
    expect(((await once(socket, 'close')) as [number])[0]).toBe(1005);
  });
});

test('the listener still works after WebSocket frames with random bytes', async () => {
  const crashes: unknown[] = [];
  const crashed = (reason: unknown): void => void crashes.push(reason);
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  const octets = fc.uint8Array({ maxLength: 120 });
  // Generates frames with every opcode and reserved bit, masked or not, and with a right or wrong length.
  const framed = fc
    .tuple(fc.nat(255), fc.boolean(), fc.constantFrom(-1, 0, 126, 127), octets)
    .map(([head, isMasked, length, payload]) =>
      Buffer.concat([
        Buffer.from([head, (isMasked ? 0x80 : 0) | (length < 0 ? payload.length : length)]),
        Buffer.alloc(isMasked ? 4 : 0),
        payload,
      ]),
    );
  const said = fc.array(
    fc.oneof(
      framed,
      octets.map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('mqtt', 'AMQPWSB10'), said, async (subProtocol, frames) => {
      const { stream } = await upgraded(subProtocol);
      stream.end(Buffer.concat(frames));
      await new Promise((resolve, reject) => {
        AbortSignal.timeout(5000).addEventListener('abort', () => reject(new Error('still open after 5 s')));
        stream.resume().on('close', resolve);
      });
    }),
    { seed: 20261125, numRuns: 60 },
  );
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  expect(crashes).toEqual([]);
  const device = await amqp(await arrive('AMQPWSB10'), 'dev', dpsToken(keys.primaryKey, 'dev'));
  expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
  await device.close();
});

/** Opens a WebSocket and returns its raw stream, so that the test can write frames byte by byte. */
function upgraded(subProtocol: string): Promise<{ readonly stream: Duplex }> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port: open.cloud.ports.https,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Protocol': subProtocol,
      },
      ...trust(),
    });
    // An error of the connection counts as an answer of the server.
    asking.on('upgrade', (_response, stream: Duplex) => resolve({ stream: stream.on('error', () => {}) }));
    asking.on('error', reject);
    asking.end();
  });
}

test('the cloud disconnects open WebSockets when it closes', async () => {
  const other = await openCloud();
  const settings: object = { ca: pemOf(other.cloud.serverRoot), servername: globalEndpoint };
  const socket = new WebSocket(`wss://127.0.0.1:${other.cloud.ports.https}${path}`, 'mqtt', settings);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await other.cloud.close();
  await closed;
});
