import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readPropertyBag, writePropertyBag } from '../../../../mocks/listeners/mqtt/property-bag.ts';
import { hubToken } from '../../clients/credentials.ts';
import { askAsDevice, askAsOwner, createDevice } from '../../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { publishPacket, RawMqtt, subscribePacket } from '../../clients/raw-mqtt.ts';

// A failure prints this seed and the path to the smallest failing input.
const bounds = { seed: 20261125 };
const [hub] = hubs;
const crashes: unknown[] = [];
let open: OpenCloud;
let key: Buffer;
let connection: RawMqtt | undefined;

const crashed = (reason: unknown): void => {
  crashes.push(reason);
};

beforeAll(async () => {
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
afterAll(async () => {
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  await open.cloud.close();
});

/** Checks that a valid device can still read its twin, and that the history has no internal error. */
afterEach(async () => {
  connection?.close();
  const device = await dial();
  device.send(publishPacket('$iothub/twin/GET/?$rid=good', ''));
  expect(await device.next()).toMatchObject({ kind: 'publish', topic: '$iothub/twin/res/200/?$rid=good' });
  device.close();
  expect(crashes.splice(0)).toEqual([]);
});

async function dial(): Promise<RawMqtt> {
  connection = await RawMqtt.open(open.cloud);
  const password = hubToken(key, hub, 'dev');
  const username = `${hub}/dev/?api-version=2021-04-12`;
  expect(await connection.connect({ clientId: 'dev', username, password })).toBe(0);
  connection.send(subscribePacket(1, ['$iothub/twin/res/#', 0], ['devices/dev/messages/devicebound/#', 0]));
  expect((await connection.next()).kind).toBe('suback');
  return connection;
}

const topic = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        '$iothub/twin/GET/',
        '$iothub/twin/PATCH/properties/reported/',
        '$iothub/methods/res/',
        '$iothub/',
        'devices/dev/messages/events/',
        'devices/dev/',
      ),
      fc.oneof(
        fc.constantFrom('?$rid=', '?$rid=1', '200/?$rid=1', '?$rid=1&$rid=2', '%', '%24.exp=x', 'a=b&&=&'),
        fc.string(),
      ),
    )
    .map(([root, rest]) => (root + rest).replace(/[#+\0]/g, '')),
  fc.string({ minLength: 1 }).map((text) => `/${text.replace(/[#+\0]/g, '')}`),
);

test('a hub answers, ignores or disconnects a device after any topic and body', async () => {
  let device = await dial();
  await fc.assert(
    fc.asyncProperty(topic, fc.oneof(fc.json(), fc.string()), fc.constantFrom(0, 1), async (name, body, qos) => {
      device.send(publishPacket(name, body, qos, 7));
      const packets = await device.flush();
      expect(['publish', 'puback', 'closed']).toEqual(expect.arrayContaining(packets.map(({ kind }) => kind)));
      if (packets.at(-1)?.kind === 'closed') device = await dial();
    }),
    { ...bounds, numRuns: 150 },
  );
});

test('a hub answers a random request of a service client with a status of the service API', async () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'devices',
      'twins',
      'dev',
      'query',
      'methods',
      'commands',
      'statistics',
      'messages',
      'deviceBound',
      '',
    ),
    fc.string({ maxLength: 6 }).map(encodeURIComponent),
  );
  const place = fc.array(segment, { maxLength: 5 }).map((path) => `/${path.join('/')}`);
  await fc.assert(
    fc.asyncProperty(place, fc.constantFrom('GET', 'PUT', 'POST', 'PATCH'), fc.json(), async (path, method, body) => {
      const { status } = await askAsOwner(open, method, path, {
        body: JSON.parse(body) as unknown,
        headers: { 'If-Match': '*' },
      });
      expect([200, 204, 400, 401, 404, 405, 409, 412, 413]).toContain(status);
    }),
    { ...bounds, numRuns: 60 },
  );
});

test('a hub never crashes on a random JSON body for a device, a twin or a query', async () => {
  const shape = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, 0, '', 'sas', 'selfSigned', 'enabled', 'AA==', true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'authentication',
          'type',
          'symmetricKey',
          'primaryKey',
          'tags',
          'properties',
          'desired',
          '__proto__',
          'query',
          'id',
          'importMode',
          'a.b',
        ),
        tie('value'),
      ),
    ),
  })).value;
  const place = fc.constantFrom(
    ['PUT', '/devices/any'],
    ['PATCH', '/twins/dev'],
    ['PUT', '/twins/dev'],
    ['POST', '/devices/query'],
    ['POST', '/devices'],
    ['POST', '/twins/dev/methods'],
  );
  await fc.assert(
    fc.asyncProperty(place, shape, async ([method = '', path = ''], body) => {
      const { status } = await askAsOwner(open, method, path, { body });
      expect([200, 400, 404, 409]).toContain(status);
    }),
    { ...bounds, numRuns: 60 },
  );
});

test('a hub delivers any message to a device over MQTT and HTTPS, if the protocol can carry the message', async () => {
  const words = fc.dictionary(
    fc.string({ maxLength: 20, unit: 'binary' }),
    fc.string({ maxLength: 20, unit: 'binary' }),
    { maxKeys: 5 },
  );
  const device = await dial();
  await fc.assert(
    fc.asyncProperty(words, fc.uint8Array({ maxLength: 50 }), async (properties, bytes) => {
      const message = { body: Buffer.from(bytes), properties, messageId: 'any\r\nthing' };
      expect(open.cloud.operator.sendToDevice(hub, 'dev', message)).toMatchObject({ ok: true });
      expect(await device.next()).toMatchObject({ kind: 'publish', qos: 0 });
    }),
    { ...bounds, numRuns: 50 },
  );
  device.close();
  const isAway = async () => (await askAsOwner(open, 'GET', '/devices/dev')).body?.['connectionState'];
  await expect.poll(isAway).toBe('Disconnected');
  await fc.assert(
    fc.asyncProperty(words, async (properties) => {
      open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('x'), properties });
      const received = await askAsDevice(open, { id: 'dev', key }, { path: '/devices/dev/messages/deviceBound' });
      expect(received).toMatchObject({ status: 200, text: 'x' });
      const lock = String(received.headers['etag']).replaceAll('"', '');
      const done = { method: 'DELETE', path: `/devices/dev/messages/deviceBound/${lock}` };
      expect((await askAsDevice(open, { id: 'dev', key }, done)).status).toBe(204);
    }),
    { ...bounds, numRuns: 30 },
  );
});

test('the topic parser reads the properties that the topic writer wrote', () => {
  const name = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => !text.startsWith('$.') && text !== 'iothub-ack');
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (properties) => {
      const message = { body: Buffer.alloc(0), properties: new Map(Object.entries(properties)) };
      expect(readPropertyBag(writePropertyBag(message), Buffer.alloc(0))?.properties).toEqual(message.properties);
    }),
    bounds,
  );
});
