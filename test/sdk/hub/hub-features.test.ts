import { Readable } from 'node:stream';
import type device from 'azure-iot-device';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openAmqpDevice, openAmqpServiceClient, openDevice, openJobClient, openRegistry } from '../hub-clients.ts';
import { openLab, type Lab } from '../lab.ts';
import { leadUploads, openUploads } from '../lead-uploads.ts';
import { countEachAs } from '../sdk-row.ts';

countEachAs('Node hub service SDK', 'https', 'policy');

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

describe('the job client', () => {
  test('schedules a twin update and a method, cancels a job, and reads the jobs page by page', async () => {
    const jobs = openJobClient(lab);
    const registry = openRegistry(lab);
    const { primaryKey } =
      (await registry.create({ deviceId: 'worker' })).responseBody.authentication?.symmetricKey ?? {};
    const device = await openDevice(lab, 'worker', primaryKey ?? '');
    device.onDeviceMethod(
      'reboot',
      (request, response) => void response.send(200, { asked: request.payload as unknown }),
    );
    const condition = "deviceId = 'worker'";
    await jobs.scheduleTwinUpdate('twin-1', condition, { etag: '*', tags: { floor: 3 } });
    await jobs.scheduleDeviceMethod('method-1', condition, { methodName: 'reboot', payload: { in: 1 } });
    const inAnHour = new Date(Date.now() + 3_600_000);
    const later = await jobs.scheduleTwinUpdate('later-1', condition, { tags: {} }, inAnHour, 120);
    expect(later.jobStatus).toMatchObject({ jobId: 'later-1', status: 'queued' });
    expect((await jobs.cancelJob('later-1')).jobStatus).toMatchObject({ status: 'cancelled' });
    for (const jobId of ['twin-1', 'method-1']) {
      await vi.waitFor(async () => expect((await jobs.getJob(jobId)).jobStatus).toMatchObject({ status: 'completed' }));
    }
    expect((await registry.getTwin('worker')).responseBody.tags).toEqual({ floor: 3 });
    const query = jobs.createQuery(undefined, undefined, 2);
    expect((await query.next()).result).toHaveLength(2);
    // The SDK fetches further pages only if the caller passes a callback.
    expect((await query.next(query.continuationToken)).result).toHaveLength(1);
    expect(query.hasMoreResults).toBe(false);
    const perDevice = registry.createQuery("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'method-1'");
    expect((await perDevice.next()).result).toMatchObject([
      { deviceId: 'worker', outcome: { deviceMethodResponse: { status: 200, payload: { asked: { in: 1 } } } } },
    ]);
    await device.close();
  });
});

test('the registry client counts and groups devices by queries', async () => {
  const registry = openRegistry(lab);
  for (const [deviceId, site] of Object.entries({ 'c-1': 'Ulm', 'c-2': 'Ulm', 'c-3': 'Bonn' })) {
    await registry.create({ deviceId });
    await registry.updateTwin(deviceId, { tags: { site } }, '*');
  }
  const count = registry.createQuery('SELECT COUNT() AS n FROM devices WHERE is_defined(tags.site)');
  expect((await count.next()).result).toEqual([{ n: 3 }]);
  const groups = registry.createQuery(
    'SELECT tags.site AS site, COUNT() AS n FROM devices WHERE is_defined(tags.site) GROUP BY tags.site',
  );
  expect((await groups.next()).result).toEqual([
    { site: 'Ulm', n: 2 },
    { site: 'Bonn', n: 1 },
  ]);
});

describe('a device uploads a file', () => {
  const ways: Readonly<Record<string, (deviceId: string, key: string) => Promise<device.Client>>> = {
    MQTT: (deviceId, key) => openDevice(lab, deviceId, key),
    AMQP: (deviceId, key) => openAmqpDevice(lab, 'amqp', deviceId, { key }),
  };

  // The SDK uploads files above 4 MB in blocks, and smaller files as one blob.
  test.each([
    ['MQTT', 10],
    ['MQTT', 9 * 1024],
    ['AMQP', 10],
  ])(
    'while the device is connected over %s (file of %i KB), and the service client gets a notification',
    async (way, kilobytes) => {
      const deviceId = `cam-${way}-${kilobytes}`;
      const registry = openRegistry(lab);
      const { primaryKey } = (await registry.create({ deviceId })).responseBody.authentication?.symmetricKey ?? {};
      const service = await openAmqpServiceClient(lab);
      const { result: receiver } = await service.getFileNotificationReceiver();
      const news = new Promise<Record<string, unknown>>((resolve, reject) => {
        receiver?.on('errorReceived', reject);
        receiver?.on('message', (message: { data: Buffer }) => {
          resolve(JSON.parse(message.data.toString()) as Record<string, unknown>);
        });
      });
      const client = await ways[way]?.(deviceId, primaryKey ?? '');
      if (client === undefined) throw new Error(`no way ${way}`);
      leadUploads(client, lab);
      const size = kilobytes * 1024;
      await client.uploadToBlob('dir/file.bin', Readable.from([Buffer.alloc(size, 'x')]), size);
      expect(await news).toMatchObject({
        deviceId,
        blobName: `${deviceId}/dir/file.bin`,
        blobSizeInBytes: size,
        blobUri: expect.stringContaining(`-uploads/${deviceId}/dir/file.bin`) as string,
      });
      const uploads = openUploads(lab);
      const names: string[] = [];
      for await (const { name } of uploads.listBlobsFlat()) names.push(name);
      expect(names).toContain(`${deviceId}/dir/file.bin`);
      expect((await uploads.getBlobClient(`${deviceId}/dir/file.bin`).downloadToBuffer()).length).toBe(size);
      await client.close();
      await service.close();
    },
  );
});

test('the registry client creates a configuration, and the device receives its desired properties', async () => {
  const registry = openRegistry(lab);
  const { primaryKey } = (await registry.create({ deviceId: 'fan' })).responseBody.authentication?.symmetricKey ?? {};
  await registry.updateTwin('fan', { tags: { kind: 'fan' } }, '*');
  const client = await openDevice(lab, 'fan', primaryKey ?? '');
  const twin = await client.getTwin();
  const desired = new Promise<unknown>((resolve) => {
    twin.on('properties.desired.speed', (value: unknown) => {
      if (value === 5) resolve(value);
    });
  });
  const configuration = {
    id: 'fans',
    content: { deviceContent: { 'properties.desired.speed': 5 } },
    targetCondition: "tags.kind = 'fan'",
    priority: 1,
  };
  await registry.addConfiguration(configuration as never);
  expect(await desired).toBe(5);
  const { responseBody: found } = await registry.getConfiguration('fans');
  expect(found).toMatchObject({ ...configuration, systemMetrics: { results: { targetedCount: 1, appliedCount: 1 } } });
  await registry.updateConfiguration({ ...found, priority: 2 });
  expect((await registry.getConfigurations()).responseBody).toMatchObject([{ id: 'fans', priority: 2 }]);
  await registry.removeConfiguration('fans');
  expect((await registry.getTwin('fan')).responseBody.properties.desired).not.toHaveProperty('speed');
  await client.close();
});
