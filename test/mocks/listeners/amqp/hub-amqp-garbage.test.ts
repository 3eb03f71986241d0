import * as fc from 'fast-check';
import rhea from 'rhea';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseAudience, parseHubAddress, parseHubUser } from '../../../../mocks/listeners/amqp/hub/hub-address.ts';
import { hubToken } from '../../clients/credentials.ts';
import { data, HubAmqpClient } from '../../clients/hub-amqp-client.ts';
import { createDevice, ownerOf } from '../../clients/hub-http.ts';
import { serviceToken } from '../../clients/credentials.ts';
import { hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';

// A failure prints this seed and the path to the smallest failing input.
const bounds = { seed: 20261125 };
const [hub] = hubs;
const crashes: unknown[] = [];
const spoken: string[] = [];
let open: OpenCloud;
let key: Buffer;

const crashed = (reason: unknown): void => {
  crashes.push(reason);
};
const { error: sayError, warn: sayWarning } = console;

beforeAll(async () => {
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  console.error = (...words: unknown[]) => void spoken.push(words.join(' '));
  console.warn = console.error;
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
afterAll(async () => {
  Object.assign(console, { error: sayError, warn: sayWarning });
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  await open.cloud.close();
});

/** Checks that the hub still serves a valid device, that the history has no internal error, and that no text was printed. */
afterEach(async () => {
  const { client, links } = await arrive();
  expect(await client.send(links.events, { body: data('well') })).toBe('accepted');
  client.close();
  expect(crashes.splice(0)).toEqual([]);
  expect(spoken.splice(0)).toEqual([]);
});

async function arrive() {
  const client = await HubAmqpClient.open(open.cloud);
  expect(await client.putToken(`${hub}/devices/dev`, hubToken(key, hub, 'dev'))).toBe(200);
  expect(await client.putToken(hub, serviceToken(ownerOf(open), hub))).toBe(200);
  await client.receiver('/devices/dev/twin', 5);
  const links = {
    events: await client.sender('/devices/dev/messages/events'),
    twin: await client.sender('/devices/dev/twin'),
    methods: await client.sender('/devices/dev/methods/devicebound'),
    service: await client.sender('/messages/devicebound'),
    cbs: await client.sender('$cbs'),
  };
  return { client, links };
}

const { types } = rhea;
/** Generates values of every AMQP type, for fields and properties. */
const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', 'PUT', 'put-token', '/properties/reported', 'full'),
  fc.string({ maxLength: 30 }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => types.wrap_binary(Buffer.from(bytes) as never)),
  fc.constantFrom<unknown>(
    types.wrap_uuid(Buffer.alloc(16)),
    types.wrap_timestamp(8.64e15 + 1),
    types.wrap_ulong(2 ** 40),
    types.wrap_list(['x', 1]),
    types.wrap_map({ a: { b: 1 } }),
  ),
);
const names = ['operation', 'resource', 'name', 'type', 'IoThub-status', 'iothub-ack', '__proto__', 'constructor'];
const properties = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), value, {
  maxKeys: 5,
});
const body = fc.oneof(
  fc.constant(undefined),
  fc.string({ maxLength: 40 }),
  fc.json().map((text) => data(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => data(Buffer.from(bytes))),
  fc.constant(rhea.message.sequence_section(['x'] as never)),
);
const id = fc.constantFrom<unknown>(
  'c-1',
  7,
  types.wrap_uuid(Buffer.alloc(16, 1)),
  types.wrap_binary(Buffer.from('b')),
);
const message = fc.record(
  {
    message_id: id,
    correlation_id: id,
    to: fc.constantFrom('/devices/dev/messages/devicebound', '/devices/%zz/messages/devicebound', '$cbs', ''),
    absolute_expiry_time: fc.constantFrom(0, 8.64e15, -1),
    creation_time: fc.constantFrom(0, 8.64e15),
    application_properties: properties,
    message_annotations: properties,
    body,
  },
  { requiredKeys: [] },
);

test('a hub answers messages of any content and keeps the connection', async () => {
  const { client, links } = await arrive();
  const link = fc.constantFrom('events', 'twin', 'methods', 'service', 'cbs' as const);
  await fc.assert(
    fc.asyncProperty(link, message, async (name, content) => {
      const outcome = await client.send(links[name], content);
      expect(outcome === 'accepted' || typeof outcome.condition === 'string').toBe(true);
    }),
    { ...bounds, numRuns: 150 },
  );
  client.close();
});

test('a hub disconnects a client that gives no credit for its subscriptions', async () => {
  const { client, links } = await arrive();
  for (let index = 0; index < 300; index++) {
    links.twin.send({ correlation_id: `c-${index}`, message_annotations: { operation: 'GET' } } as never);
  }
  expect(await client.closed).toMatchObject({ condition: 'com.microsoft:device-container-throttled' });
});

test('a hub accepts or refuses links to any address and keeps the connection', async () => {
  const { client } = await arrive();
  const part = fc.oneof(
    fc.constantFrom('devices', 'dev', 'messages', 'devicebound', 'twin', '$cbs', '%', ''),
    fc.string(),
  );
  const address = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(address, fc.boolean(), async (text, isSender) => {
      const link = isSender
        ? client.connection.open_sender({ target: { address: text } })
        : client.connection.open_receiver({ source: { address: text } });
      const closed = new Promise((resolve) => link.once(isSender ? 'sender_close' : 'receiver_close', resolve));
      await new Promise((resolve) => link.once(isSender ? 'sender_open' : 'receiver_open', resolve));
      link.close();
      await closed;
    }),
    { ...bounds, numRuns: 80 },
  );
  client.close();
});

test('the parsers of AMQP names accept any text without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const read of [parseHubAddress, parseAudience, parseHubUser]) expect(() => read(text)).not.toThrow();
    }),
    bounds,
  );
});
