import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import device from 'azure-iot-device';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachedReader, startEventReader, type EventReader, type ReadJob } from '../event-reader.ts';
import { openDevice, openRegistry } from '../hub-clients.ts';
import { hub, openLab, type Lab } from '../lab.ts';
import { countAs, countEachAs } from '../sdk-row.ts';
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';

describe.skipIf(sdkPartMissing('python'))('azure-eventhub for Python', () => {
  const counted = 'Event Hubs client for Python';
  countEachAs(counted, 'amqp', 'policy');
  let lab: Lab;
  let folder: string;
  let client: device.Client;
  const readers: EventReader[] = [];

  beforeAll(async () => {
    lab = await openLab();
    lab.cloud.operator.addConsumerGroup(hub, 'dashboards');
    folder = mkdtempSync(join(tmpdir(), 'rehearsal-events-'));
    writeFileSync(join(folder, 'root.pem'), lab.ca);
    const { responseBody } = await openRegistry(lab).create({ deviceId: 'sender' });
    client = await openDevice(lab, 'sender', responseBody.authentication?.symmetricKey?.primaryKey ?? '');
  });
  afterAll(async () => {
    for (const reader of readers) reader.kill();
    await client.close();
    rmSync(folder, { recursive: true });
    await lab.close();
  });

  function read(job: Partial<ReadJob>): EventReader {
    const port = job.transport === 'amqp-ws' ? lab.cloud.ports.https : lab.cloud.ports.amqp;
    const reader = startEventReader(
      [sdkPython, join(import.meta.dirname, 'read_events.py')],
      {
        connectionString: lab.cloud.eventHubConnectionStrings.get(hub) ?? '',
        customEndpoint: `sb://localhost:${port}`,
        consumerGroup: '$Default',
        count: 1,
        position: { offset: '@latest' },
        ...job,
      },
      { ROOT_PEM: join(folder, 'root.pem'), PYTHONDONTWRITEBYTECODE: '1' },
    );
    readers.push(reader);
    return reader;
  }

  /** Starts a program that reads events, and resolves when its receiving link is attached. */
  function startReading(job: Partial<ReadJob>): Promise<EventReader> {
    return attachedReader(lab, () => read(job));
  }

  async function send(messageId: string): Promise<void> {
    const message = Object.assign(new device.Message('{"t":21}'), {
      messageId,
      correlationId: 'c-1',
      userId: 'someone',
      contentType: 'application/json',
      contentEncoding: 'utf-8',
    });
    message.properties.add('colour', 'red & green');
    await client.sendEvent(message);
  }

  const ids = async (reader: EventReader): Promise<unknown[]> =>
    (await reader.ended).flatMap(({ event }) =>
      event === undefined ? [] : [(event as Readonly<Record<string, unknown>>)['messageId']],
    );

  test.for<[string, Partial<ReadJob>]>([
    ['AMQP', {}],
    ['AMQP over WebSocket', { transport: 'amqp-ws' }],
    ['AMQP by uamqp', { uamqp: true }],
  ])('reads from the end of the log over %s, with system and application properties', async ([name, job], context) => {
    countAs(context, counted, job.transport ?? 'amqp', 'policy');
    const reader = await startReading({ ...job, properties: true, tracks: true });
    await send(name);
    const lines = await reader.ended;
    expect(lines.find((line) => 'properties' in line)?.['properties']).toMatchObject({
      hub: { eventhub_name: 'hub-eu', partition_ids: ['0'] },
      partition: { id: '0', last_enqueued_offset: expect.any(String) as unknown },
    });
    expect(lines.find((line) => 'event' in line)?.['event']).toMatchObject({
      body: '{"t":21}',
      properties: { colour: 'red & green' },
      messageId: name,
      correlationId: 'c-1',
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      userId: 'someone',
      partitionKey: null,
      systemProperties: {
        'iothub-connection-device-id': 'sender',
        'iothub-connection-auth-method':
          '{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}',
        'iothub-message-source': 'Telemetry',
        'iothub-enqueuedtime': expect.any(Number) as unknown,
        'x-opt-sequence-number': expect.any(Number) as unknown,
        'x-opt-offset': expect.any(String) as unknown,
        'x-opt-enqueued-time': expect.any(Number) as unknown,
        'message-id': name,
        'user-id': 'someone',
      },
    });
    expect(lines.find((line) => 'tracked' in line)?.['tracked']).toMatchObject({
      sequence_number: expect.any(Number) as unknown,
    });
  });

  test('reads from a position, with or without the event at that position, with two consumer groups at once', async () => {
    const [line] = await read({ count: 0, properties: true }).ended;
    const { partition } = (line as unknown as ReadProperties).properties;
    const first = partition.last_enqueued_sequence_number + 1;
    for (const id of ['one', 'two', 'three']) await send(id);
    const behind = read({ count: 2, position: { sequenceNumber: first } });
    const from = read({
      count: 3,
      position: { sequenceNumber: first, isInclusive: true },
      consumerGroup: 'dashboards',
    });
    expect(await ids(behind)).toEqual(['two', 'three']);
    expect(await ids(from)).toEqual(['one', 'two', 'three']);
  });

  test('disconnects a reader when a reader with a higher owner level connects', async () => {
    const first = await startReading({ ownerLevel: 1, consumerGroup: 'dashboards' });
    await startReading({ ownerLevel: 2, consumerGroup: 'dashboards' });
    expect((await first.line('error'))['error']).toMatchObject({
      message: expect.stringMatching(/with higher epoch of '2'[^]*amqp:link:stolen/) as unknown,
    });
  });

  test.each<[string, Partial<ReadJob>, RegExp]>([
    ['an unknown consumer group', { consumerGroup: 'nobody' }, /nobody' could not be found/],
    ['a position in the future', { position: { sequenceNumber: 99_999_999 } }, /is invalid/],
  ])('gets an error for %s', async (_name, job, sentence) => {
    expect((await read(job).line('error'))['error']).toMatchObject({
      message: expect.stringMatching(sentence) as unknown,
    });
  });

  test('is refused with another key', async () => {
    const good = lab.cloud.eventHubConnectionStrings.get(hub) ?? '';
    const other = Buffer.alloc(32).toString('base64');
    const connectionString = good.replace(/SharedAccessKey=[^;]+/, `SharedAccessKey=${other}`);
    const lines = await read({ connectionString, count: 0, properties: true }).ended;
    expect(lines.at(-1)?.['error']).toMatchObject({ name: 'AuthenticationError' });
  });

  test('reads 10,000 messages without loss', async () => {
    const reader = await startReading({ count: 10_000, isQuiet: true });
    for (let sent = 0; sent < 10_000; sent += 100) {
      await Promise.all(Array.from({ length: 100 }, () => client.sendEvent(new device.Message('x'))));
    }
    expect((await reader.line('count'))['count']).toBe(10_000);
  });
});

interface ReadProperties {
  readonly properties: { readonly partition: { readonly last_enqueued_sequence_number: number } };
}
