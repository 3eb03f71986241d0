import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { askAsOwner, askHub, createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubToken, serviceToken } from '../clients/credentials.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { connectPacket, publishPacket, RawMqtt, subscribePacket } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'pump-1');
  await createDevice(open, 'pump-2');
  await askAsOwner(open, 'PATCH', '/twins/pump-1', { body: { tags: { site: 'Ulm' } } });
});
afterAll(() => open.cloud.close());

const twinJob = {
  type: 'scheduleUpdateTwin',
  updateTwin: { etag: '*', tags: { round: 1 }, properties: { desired: { interval: 5 } } },
  queryCondition: '*',
};

async function put(jobId: string, body: object) {
  return askAsOwner(open, 'PUT', `/jobs/v2/${jobId}`, { body: { jobId, ...body } });
}

async function jobOf(jobId: string) {
  return (await askAsOwner(open, 'GET', `/jobs/v2/${jobId}`)).body;
}

async function deviceJobs(jobId: string): Promise<unknown> {
  const query = `SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '${jobId}'`;
  return (await askAsOwner(open, 'POST', '/devices/query', { body: { query } })).body;
}

describe('a twin job', () => {
  test('is queued, updates the devices that meet its condition, and completes', async () => {
    const answer = await put('j-1', { ...twinJob, queryCondition: "tags.site = 'Ulm'" });
    expect(answer).toMatchObject({
      status: 200,
      body: { jobId: 'j-1', status: 'queued', ...twinJob, queryCondition: "tags.site = 'Ulm'" },
    });
    expect(await jobOf('j-1')).toMatchObject({
      status: 'completed',
      maxExecutionTimeInSeconds: 3600,
      endTime: '2026-01-05T12:00:00.0000000Z',
      deviceJobStatistics: { deviceCount: 1, succeededCount: 1, failedCount: 0, runningCount: 0, pendingCount: 0 },
    });
    const twin = await askAsOwner(open, 'GET', '/twins/pump-1');
    expect(twin.body).toMatchObject({ tags: { round: 1, site: 'Ulm' }, properties: { desired: { interval: 5 } } });
    const other = await askAsOwner(open, 'GET', '/twins/pump-2');
    expect(other.body?.['tags']).toEqual({});
    expect(await deviceJobs('j-1')).toEqual([
      {
        deviceId: 'pump-1',
        jobId: 'j-1',
        jobType: 'scheduleUpdateTwin',
        status: 'completed',
        startTimeUtc: '2026-01-05T12:00:00.0000000Z',
        endTimeUtc: '2026-01-05T12:00:00.0000000Z',
        createdDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
        lastUpdatedDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
        outcome: { deviceMethodResponse: null },
      },
    ]);
  });

  test('waits for its start time, and can be cancelled until then', async () => {
    for (const jobId of ['later', 'never']) await put(jobId, { ...twinJob, startTime: '2026-01-05T13:00:00Z' });
    expect(await jobOf('later')).toMatchObject({ status: 'queued', deviceJobStatistics: { deviceCount: 0 } });
    const cancelled = await askAsOwner(open, 'POST', '/jobs/v2/never/cancel');
    expect(cancelled).toMatchObject({ status: 200, body: { jobId: 'never', status: 'cancelled' } });
    open.clock.set(noon + 3_600_000);
    expect(await jobOf('later')).toMatchObject({ status: 'completed', deviceJobStatistics: { deviceCount: 2 } });
    expect(await jobOf('never')).toMatchObject({ status: 'cancelled' });
    open.clock.set(noon);
  });

  test('fails on every device if it cannot start in time', async () => {
    await put('late', { ...twinJob, startTime: '2026-01-05T12:30:00', maxExecutionTimeInSeconds: 60 });
    open.clock.set(noon + 1_900_000);
    expect(await jobOf('late')).toMatchObject({ status: 'completed', deviceJobStatistics: { failedCount: 2 } });
    expect(await deviceJobs('late')).toMatchObject([
      { status: 'failed', error: { code: 'JobRunPreconditionFailed' } },
      { status: 'failed', error: { code: 'JobRunPreconditionFailed' } },
    ]);
    open.clock.set(noon);
  });

  test('is deleted 30 days after its end', async () => {
    await put('old', twinJob);
    expect(await jobOf('old')).toMatchObject({ status: 'completed' });
    open.clock.set(noon + 30 * 86_400_000);
    const gone = await askHub(open, {
      path: '/jobs/v2/old',
      headers: { Authorization: serviceToken(ownerOf(open), hub, noon / 1000 + 31 * 86_400) },
    });
    expect(gone).toMatchObject({ status: 404, headers: { 'iothub-errorcode': 'JobNotFound' } });
    open.clock.set(noon);
  });
});

describe('a method job', () => {
  const methodJob = {
    type: 'scheduleDeviceMethod',
    cloudToDeviceMethod: { methodName: 'reboot', payload: { in: 5 }, responseTimeoutInSeconds: 30 },
    queryCondition: "deviceId = 'pump-1'",
  };

  test('waits for an offline device and stores its answer', async () => {
    await put('m-1', methodJob);
    expect(await jobOf('m-1')).toMatchObject({ status: 'running', deviceJobStatistics: { runningCount: 1 } });
    const device = await RawMqtt.open(open.cloud);
    device.send(
      connectPacket({
        clientId: 'pump-1',
        username: `${hub}/pump-1/?api-version=2021-04-12`,
        password: hubToken(key, hub, 'pump-1'),
      }),
    );
    await device.next();
    device.send(subscribePacket(1, ['$iothub/methods/POST/#', 0]));
    await device.next();
    const call = await device.next();
    if (call.kind !== 'publish') throw new Error(`expected a method call, got ${call.kind}`);
    const rid = /\$rid=(.+)$/.exec(call.topic)?.[1] ?? '';
    expect(JSON.parse(call.text)).toEqual({ in: 5 });
    device.send(publishPacket(`$iothub/methods/res/200/?$rid=${rid}`, '{"ok":true}'));
    await vi.waitFor(async () => expect(await jobOf('m-1')).toMatchObject({ status: 'completed' }));
    expect(await deviceJobs('m-1')).toMatchObject([
      { status: 'completed', outcome: { deviceMethodResponse: { status: 200, payload: { ok: true } } } },
    ]);
    device.close();
  });

  test('fails on a device that stays offline until the deadline', async () => {
    await put('m-2', { ...methodJob, queryCondition: "deviceId = 'pump-2'", maxExecutionTimeInSeconds: 60 });
    expect(await jobOf('m-2')).toMatchObject({ status: 'running' });
    open.clock.set(noon + 61_000);
    await vi.waitFor(async () => expect(await jobOf('m-2')).toMatchObject({ status: 'completed' }), { timeout: 5000 });
    expect(await deviceJobs('m-2')).toMatchObject([{ status: 'failed', error: { code: 'JobRunPreconditionFailed' } }]);
    open.clock.set(noon);
  });

  test('waits while ten other jobs run, and starts after one of them is cancelled', async () => {
    for (let count = 0; count < 10; count++) {
      await put(`busy-${count}`, { ...methodJob, queryCondition: "deviceId = 'pump-2'" });
      expect(await jobOf(`busy-${count}`)).toMatchObject({ status: 'running' });
    }
    const refused = await put('busy-10', methodJob);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'iothub-errorcode': 'ThrottlingMaxActiveJobCountExceeded' },
    });
    for (let count = 0; count < 10; count++) await askAsOwner(open, 'POST', `/jobs/v2/busy-${count}/cancel`);
    expect(await deviceJobs('busy-0')).toMatchObject([{ status: 'canceled' }]);
    expect(await put('busy-10', { ...methodJob, queryCondition: "deviceId = 'nobody'" })).toMatchObject({
      status: 200,
    });
  });
});

test('a hub lists jobs by type and status, page by page', async () => {
  await put('list-1', twinJob);
  await put('list-2', twinJob);
  const path = '/jobs/v2/query?jobType=scheduleUpdateTwin&jobStatus=completed';
  const first = await askAsOwner(open, 'GET', path, { headers: { 'x-ms-max-item-count': '2' } });
  expect(first.headers['x-ms-item-type']).toBe('JobResponse');
  expect(first.body).toHaveLength(2);
  const token = String(first.headers['x-ms-continuation']);
  const rest = await askAsOwner(open, 'GET', path, { headers: { 'x-ms-continuation': token } });
  const ids = (rest.body as unknown as { jobId: string }[]).map(({ jobId }) => jobId);
  expect(ids).toContain('list-2');
  expect(ids).not.toContain('m-1');
});

test.each<[string, string, object, number, string]>([
  ['an ID with a dot', 'j.1', twinJob, 400, 'ArgumentInvalid'],
  ['another ID in the body', 'j-2', { ...twinJob, jobId: 'other' }, 400, 'ArgumentInvalid'],
  ['an unknown type', 'j-2', { ...twinJob, type: 'export' }, 400, 'ArgumentInvalid'],
  ['no condition', 'j-2', { ...twinJob, queryCondition: '' }, 400, 'ArgumentInvalid'],
  ['a condition that is none', 'j-2', { ...twinJob, queryCondition: 'tags.' }, 400, 'ArgumentInvalid'],
  ['nothing to do', 'j-2', { ...twinJob, updateTwin: undefined }, 400, 'ArgumentInvalid'],
  ['a start that is no date', 'j-2', { ...twinJob, startTime: 'soon' }, 400, 'ArgumentInvalid'],
  ['no time to run', 'j-2', { ...twinJob, maxExecutionTimeInSeconds: 0 }, 400, 'ArgumentInvalid'],
  ['an ID that is taken', 'list-1', twinJob, 409, 'JobAlreadyExists'],
])('a hub refuses a job with %s', async (_name, jobId, body, status, name) => {
  expect(await put(jobId, body)).toMatchObject({ status, headers: { 'iothub-errorcode': name } });
});

test('a client whose policy has only the right to read the registry can read jobs but cannot create them', async () => {
  const policyKey = open.cloud.operator.hubPolicyKey(hub, 'registryRead')?.toString('base64') ?? '';
  const headers = { Authorization: serviceToken({ policyName: 'registryRead', key: policyKey }, hub) };
  expect(await askHub(open, { path: '/jobs/v2/list-1', headers })).toMatchObject({ status: 200 });
  const refused = await askHub(open, { method: 'PUT', path: '/jobs/v2/j-9', headers, body: JSON.stringify(twinJob) });
  expect(refused.status).toBe(401);
});

test('after a restart, a hub still has its jobs, and a job that was running has failed', async () => {
  await put('kept', { ...twinJob, startTime: '2026-02-01T00:00:00Z' });
  await put('cut', {
    type: 'scheduleDeviceMethod',
    cloudToDeviceMethod: { methodName: 'x' },
    queryCondition: "deviceId = 'pump-2'",
  });
  expect(await jobOf('cut')).toMatchObject({ status: 'running' });
  const saved = open.cloud.snapshot();
  await askAsOwner(open, 'POST', '/jobs/v2/cut/cancel');
  const next = await openCloud({ saved });
  expect((await askAsOwner(next, 'GET', '/jobs/v2/kept')).body).toMatchObject({ status: 'queued' });
  expect((await askAsOwner(next, 'GET', '/jobs/v2/cut')).body).toMatchObject({
    status: 'failed',
    failureReason: 'The hub was stopped while the job ran.',
  });
  await next.cloud.close();
});
