import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import device from 'azure-iot-device';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { atHub } from './clients.ts';
import { attachedReader, startEventReader, type EventReader, type ReadJob } from './event-reader.ts';
import { openDevice, openHttpDevice, openRegistry } from './hub-clients.ts';
import { hub, openLab, type Lab } from './lab.ts';
import { countAs } from './sdk-row.ts';

let lab: Lab;
let folder: string;
let count = 0;
const readers: EventReader[] = [];

beforeAll(async () => {
  lab = await openLab();
  lab.cloud.operator.addConsumerGroup(hub, 'dashboards');
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-events-'));
  writeFileSync(join(folder, 'root.pem'), lab.ca);
});
afterAll(async () => {
  for (const reader of readers) reader.kill();
  rmSync(folder, { recursive: true });
  await lab.close();
});

beforeEach((context) => countAs(context, 'Event Hubs client for Node', 'amqp', 'policy'));

function read(job: Partial<ReadJob>): EventReader {
  const port = job.transport === 'amqp-ws' ? lab.cloud.ports.https : lab.cloud.ports.amqp;
  const reader = startEventReader(
    [process.execPath, join(import.meta.dirname, 'node', 'read-events.mjs')],
    {
      connectionString: lab.cloud.eventHubConnectionStrings.get(hub) ?? '',
      customEndpoint: `sb://localhost:${port}`,
      consumerGroup: '$Default',
      count: 1,
      position: { offset: '@latest' },
      ...job,
    },
    { NODE_EXTRA_CA_CERTS: join(folder, 'root.pem') },
  );
  readers.push(reader);
  return reader;
}

/** Starts a program that reads events, and resolves when its receiving link is attached. */
function startReading(job: Partial<ReadJob>): Promise<EventReader> {
  return attachedReader(lab, () => read(job));
}

async function create(): Promise<{ readonly deviceId: string; readonly key: string }> {
  const deviceId = `events-${++count}`;
  const { responseBody } = await openRegistry(lab).create({ deviceId });
  return { deviceId, key: responseBody.authentication?.symmetricKey?.primaryKey ?? '' };
}

function message(id: string): device.Message {
  const made = new device.Message('{"t":21}');
  made.properties.add('colour', 'red & green');
  made.properties.add('$.sub', 'thermostat1');
  return Object.assign(made, {
    messageId: id,
    correlationId: `for ${id}`,
    userId: 'someone',
    contentType: 'application/json',
    contentEncoding: 'utf-8',
  });
}

/** Returns the position after the last event, so that a test reads only the events that it sends. */
async function endOfPartition(): Promise<object> {
  const [line] = await read({ count: 0, properties: true }).ended;
  const { lastEnqueuedSequenceNumber } = (line as unknown as ReadProperties).properties.partition;
  return { sequenceNumber: lastEnqueuedSequenceNumber };
}

/** The bytes of the user ID, in the form in which the program prints them. */
const someone = Object.fromEntries(Buffer.from('someone').entries());

interface ReadProperties {
  readonly properties: { readonly partition: { readonly lastEnqueuedSequenceNumber: number } };
}

async function readOne(job: Partial<ReadJob>, messageId: string): Promise<unknown> {
  const lines = await read({ ...job, count: 2 }).ended;
  return lines.map(({ event }) => event).find((event) => (event as Told | undefined)?.messageId === messageId);
}

interface Told {
  readonly messageId?: string;
}

test.each(['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws'] as const)(
  'the Event Hubs SDK reads what a device sent over %s, with system and application properties',
  async (way) => {
    const { deviceId, key } = await create();
    const position = await endOfPartition();
    await atHub(lab, way, deviceId, { key: Buffer.from(key, 'base64') }, async (client) => {
      await client.sendEvent(message(`by ${way}`));
    });
    const generationId = (await openRegistry(lab).get(deviceId)).responseBody.generationId;
    const event = await readOne({ position }, `by ${way}`);
    expect(event).toMatchObject(seen(deviceId, `by ${way}`, generationId));
    // The device SDK omits the user ID over AMQP.
    if (way.startsWith('mqtt')) expect(event).toMatchObject({ systemProperties: { userId: someone } });
  },
);

test('the Event Hubs SDK reads messages that a device sent over HTTPS', async () => {
  const { deviceId, key } = await create();
  const position = await endOfPartition();
  const client = openHttpDevice(lab, deviceId, key);
  await client.sendEvent(new device.Message('{"hello":1}'));
  await client.sendEvent(message('by https'));
  const generationId = (await openRegistry(lab).get(deviceId)).responseBody.generationId;
  expect(await readOne({ position }, 'by https')).toMatchObject(seen(deviceId, 'by https', generationId));
});

function seen(deviceId: string, messageId: string, generationId: unknown): object {
  return {
    body: '{"t":21}',
    messageId,
    correlationId: `for ${messageId}`,
    contentType: 'application/json',
    properties: { colour: 'red & green' },
    systemProperties: {
      'iothub-connection-device-id': deviceId,
      'iothub-connection-auth-method': '{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}',
      'iothub-connection-auth-generation-id': generationId,
      'iothub-message-source': 'Telemetry',
      'iothub-enqueuedtime': expect.any(Number) as unknown,
      'dt-subject': 'thermostat1',
      contentEncoding: 'utf-8',
    },
    sequenceNumber: expect.any(Number) as unknown,
    offset: expect.stringMatching(/^\d+$/) as unknown,
    enqueuedTimeUtc: expect.stringMatching(/^\d{4}-/) as unknown,
  };
}

test('the Event Hubs SDK reads from the end of the log over a WebSocket, with two consumer groups at once', async (context) => {
  countAs(context, 'Event Hubs client for Node', 'amqp-ws', 'policy');
  const { deviceId, key } = await create();
  const both = [
    await startReading({ consumerGroup: '$default', count: 3, tracks: true }),
    await startReading({ consumerGroup: 'dashboards', transport: 'amqp-ws', count: 3, tracks: true }),
  ];
  const client = await openDevice(lab, deviceId, key);
  for (const id of ['one', 'two', 'three']) await client.sendEvent(message(id));
  await client.close();
  for (const reader of both) {
    const lines = await reader.ended;
    const ids = lines.flatMap(({ event }) => (event === undefined ? [] : [(event as Told).messageId]));
    expect(ids).toEqual(['one', 'two', 'three']);
    expect(lines.findLast((line) => 'tracked' in line)?.['tracked']).toMatchObject({
      sequenceNumber: expect.any(Number) as unknown,
      offset: expect.any(String) as unknown,
      enqueuedOn: expect.any(String) as unknown,
    });
  }
});

test('the Event Hubs SDK gets the properties of the hub and of its partition', async () => {
  const lines = await read({ count: 0, properties: true }).ended;
  expect(lines[0]?.['properties']).toMatchObject({
    hub: { name: 'hub-eu', partitionIds: ['0'] },
    partitionIds: ['0'],
    partition: { partitionId: '0', eventHubName: 'hub-eu', isEmpty: expect.any(Boolean) as unknown },
  });
});

test('a reader with a higher owner level disconnects another reader, and a reader with a lower level is refused', async () => {
  const first = await startReading({ ownerLevel: 1, consumerGroup: 'dashboards' });
  const second = await startReading({ ownerLevel: 2, consumerGroup: 'dashboards' });
  expect((await first.line('error'))['error']).toMatchObject({
    code: 'ReceiverDisconnectedError',
    message: expect.stringContaining("with higher epoch of '2'") as unknown,
  });
  const third = read({ count: 1, ownerLevel: 1, consumerGroup: 'dashboards' });
  expect((await third.line('error'))['error']).toMatchObject({ code: 'ReceiverDisconnectedError' });
  second.kill();
});

test.each<[string, Partial<ReadJob>, string, RegExp]>([
  ['an unknown consumer group', { consumerGroup: 'nobody' }, 'MessagingEntityNotFoundError', /nobody/],
  ['an unknown partition', { partitionId: '7' }, 'ArgumentOutOfRangeError', /specified partition is invalid/],
  ['a position in the future', { position: { sequenceNumber: 99_999_999 } }, 'ArgumentError', /is invalid/],
])('the Event Hubs SDK gets an error for %s', async (_name, job, code, sentence) => {
  expect((await read(job).line('error'))['error']).toMatchObject({
    code,
    message: expect.stringMatching(sentence) as unknown,
  });
});

test('the Event Hubs SDK is refused with a wrong key, and with a policy without `ServiceConnect`', async () => {
  const good = lab.cloud.eventHubConnectionStrings.get(hub) ?? '';
  const otherKey = good.replace(/SharedAccessKey=[^;]+/, `SharedAccessKey=${Buffer.alloc(32).toString('base64')}`);
  const deviceKey = lab.cloud.operator.hubPolicyKey(hub, 'device')?.toString('base64') ?? '';
  const device = good.replace('iothubowner', 'device').replace(/SharedAccessKey=[^;]+/, `SharedAccessKey=${deviceKey}`);
  for (const connectionString of [otherKey, device]) {
    expect((await read({ connectionString }).line('error'))['error']).toMatchObject({ code: 'UnauthorizedError' });
  }
});

test('the Event Hubs SDK reads 10,000 messages in order and without loss, including large ones', async () => {
  const { deviceId, key } = await create();
  const position = await endOfPartition();
  const client = await openDevice(lab, deviceId, key);
  const batch = 100;
  for (let sent = 0; sent < 10_000; sent += batch) {
    await Promise.all(
      Array.from({ length: batch }, async (_, index) => {
        const number = sent + index;
        await client.sendEvent(new device.Message(number % 500 === 0 ? 'x'.repeat(200_000) : String(number)));
      }),
    );
  }
  await client.close();
  const lines = await read({ position, count: 10_000 }).ended;
  const events = lines.flatMap(({ event }) => (event === undefined ? [] : [event as { readonly body: string }]));
  expect(events.length).toBe(10_000);
  const bodies = new Set(events.map(({ body }) => body));
  expect(events.filter(({ body }) => body.length === 200_000).length).toBe(20);
  for (let number = 0; number < 10_000; number++) {
    if (number % 500 !== 0) expect(bodies.has(String(number))).toBe(true);
  }
});
