import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';

let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud();
  await createDevice(open, 'fan');
  await askAsOwner(open, 'PATCH', '/twins/fan', {
    body: { tags: { site: 'Ulm' }, properties: { desired: { own: true } } },
  });
});
beforeEach(async () => {
  const { body } = await askAsOwner(open, 'GET', '/configurations');
  for (const { id } of body as unknown as { id: string }[]) await remove(id);
});
afterAll(() => open.cloud.close());

function put(id: string, body: object, ifMatch?: string): Promise<RawAnswer> {
  const headers = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
  return askAsOwner(open, 'PUT', `/configurations/${id}`, { body: { id, ...body }, headers });
}

function remove(id: string): Promise<RawAnswer> {
  return askAsOwner(open, 'DELETE', `/configurations/${id}`);
}

async function get(id: string) {
  return (await askAsOwner(open, 'GET', `/configurations/${id}`)).body;
}

/** Returns the desired properties of a device and the state of each of its configurations. */
async function twin(deviceId = 'fan') {
  const { body } = await askAsOwner(open, 'GET', `/twins/${deviceId}`);
  const { desired } = (body?.['properties'] ?? {}) as { desired?: Record<string, unknown> };
  const { $metadata: _metadata, $version: _version, ...values } = desired ?? {};
  return { values, states: body?.['configurations'] };
}

const speed = (value: unknown) => ({ deviceContent: { 'properties.desired.speed': value } });
const ulm = "tags.site = 'Ulm'";

describe('a configuration', () => {
  test('is created, read, listed, updated with its ETag and deleted', async () => {
    const given = { content: speed(1), targetCondition: ulm, priority: 5, labels: { v: '1' } };
    const created = await put('c-1', given);
    expect(created).toMatchObject({ status: 200, body: { id: 'c-1', schemaVersion: '1.0', ...given } });
    expect(await put('c-1', given)).toMatchObject({
      status: 409,
      headers: { 'iothub-errorcode': 'ConfigurationAlreadyExists' },
    });
    const etag = String(created.headers['etag']);
    expect(await put('c-1', { ...given, priority: 6 }, '"bm8="')).toMatchObject({ status: 412 });
    expect(await put('c-1', { ...given, priority: 6 }, etag)).toMatchObject({ status: 200, body: { priority: 6 } });
    expect(await put('c-1', given, etag)).toMatchObject({ status: 412 });
    expect(await put('c-1', { ...given, content: speed(2) }, '*')).toMatchObject({
      status: 400,
      headers: { 'iothub-errorcode': 'CannotModifyImmutableConfigurationContent' },
    });
    expect(await put('c-2', given, '*')).toMatchObject({ status: 404 });
    await put('c-2', { content: speed(2) });
    expect((await askAsOwner(open, 'GET', '/configurations')).body).toMatchObject([{ id: 'c-1' }, { id: 'c-2' }]);
    expect((await askAsOwner(open, 'GET', '/configurations?top=1')).body).toHaveLength(1);
    expect((await remove('c-1')).status).toBe(204);
    expect(await remove('c-1')).toMatchObject({
      status: 404,
      headers: { 'iothub-errorcode': 'ConfigurationNotFound' },
    });
    expect(await askAsOwner(open, 'GET', '/configurations/c-1')).toMatchObject({ status: 404 });
  });

  test('sets desired properties of its target devices, which lose these properties when the configuration is deleted', async () => {
    await createDevice(open, 'elsewhere');
    await put('c-1', {
      content: { deviceContent: { 'properties.desired.fan.a': 1, 'properties.desired': { b: 2 } } },
      targetCondition: ulm,
    });
    expect(await twin()).toEqual({
      values: { own: true, fan: { a: 1 }, b: 2 },
      states: { 'c-1': { status: 'Applied' } },
    });
    expect(await twin('elsewhere')).toEqual({ values: {}, states: undefined });
    expect(await get('c-1')).toMatchObject({ systemMetrics: { results: { targetedCount: 1, appliedCount: 1 } } });
    await askAsOwner(open, 'PATCH', '/twins/elsewhere', { body: { tags: { site: 'Ulm' } } });
    expect(await twin('elsewhere')).toMatchObject({ values: { b: 2 } });
    await askAsOwner(open, 'PATCH', '/twins/elsewhere', { body: { tags: { site: 'Bonn' } } });
    expect(await twin('elsewhere')).toEqual({ values: {}, states: undefined });
    // Deleting a configuration keeps the values that other clients wrote.
    await askAsOwner(open, 'PATCH', '/twins/fan', { body: { properties: { desired: { fan: { mine: 1 } } } } });
    await remove('c-1');
    expect(await twin()).toEqual({ values: { own: true, fan: { mine: 1 } }, states: undefined });
    await askAsOwner(open, 'PATCH', '/twins/fan', { body: { properties: { desired: { fan: null } } } });
  });

  test('sets a path of the twin if no other configuration of this path has a higher priority; if two are equal, the newer one sets it', async () => {
    await put('low', {
      content: { deviceContent: { 'properties.desired.speed': 1, 'properties.desired.light': 'on' } },
      targetCondition: '*',
      priority: 1,
    });
    await put('high', { content: speed(9), targetCondition: ulm, priority: 2 });
    expect(await twin()).toMatchObject({
      values: { speed: 9, light: 'on' },
      states: { low: { status: 'Applied' }, high: { status: 'Applied' } },
    });
    await put('newer', { content: speed(10), targetCondition: ulm, priority: 2 });
    open.clock.set(open.clock.now() + 1000);
    await put('newest', { content: speed(11), targetCondition: ulm, priority: 2 });
    expect(await twin()).toMatchObject({
      values: { speed: 11 },
      states: { high: { status: 'Targeted' }, newer: { status: 'Targeted' }, newest: { status: 'Applied' } },
    });
    expect(await get('high')).toMatchObject({ systemMetrics: { results: { targetedCount: 1, appliedCount: 0 } } });
    for (const id of ['newest', 'newer', 'high']) await remove(id);
    expect(await twin()).toMatchObject({ values: { speed: 1, light: 'on' } });
  });

  test('without a condition targets no device; a configuration for modules is stored and has no effect', async () => {
    await put('none', { content: speed(1) });
    await put('module', {
      content: { moduleContent: { 'properties.desired': { a: 1 } } },
      targetCondition: "FROM devices.modules WHERE tags.site = 'Ulm'",
    });
    expect((await twin()).states).toBeUndefined();
  });

  test('has custom metrics, and queries can refer to the configuration', async () => {
    await put('metric.1'.replace('.', ':'), {
      content: speed(3),
      targetCondition: ulm,
      metrics: { queries: { ulm: "SELECT deviceId FROM devices WHERE tags.site = 'Ulm'" } },
    });
    expect(await get('metric:1')).toMatchObject({ metrics: { results: { ulm: 1 } } });
    const query = "SELECT deviceId FROM devices WHERE configurations.[[metric:1]].status = 'Applied'";
    const answer = await askAsOwner(open, 'POST', '/devices/query', { body: { query } });
    expect(answer.body).toEqual([{ deviceId: 'fan' }]);
  });

  test('applies to a device that is created later, and is kept over a restart', async () => {
    await put('kept', { content: speed(7), targetCondition: "deviceId = 'late'" });
    await createDevice(open, 'late');
    expect(await twin('late')).toMatchObject({ values: { speed: 7 } });
    const next = await openCloud({ saved: open.cloud.snapshot() });
    expect((await askAsOwner(next, 'GET', '/configurations/kept')).body).toMatchObject({
      systemMetrics: { results: { targetedCount: 1, appliedCount: 1 } },
    });
    await next.cloud.close();
  });
});

test.each<[string, string, object, number, string]>([
  ['an ID in capitals', 'Config', { content: speed(1) }, 400, 'ArgumentInvalid'],
  ['another ID in the body', 'c', { id: 'd', content: speed(1) }, 400, 'ArgumentInvalid'],
  ['no content', 'c', {}, 400, 'InvalidConfigurationContent'],
  [
    'content outside of desired properties',
    'c',
    { content: { deviceContent: { 'tags.a': 1 } } },
    400,
    'InvalidConfigurationContent',
  ],
  [
    'a condition that is none',
    'c',
    { content: speed(1), targetCondition: 'tags.' },
    400,
    'InvalidConfigurationTargetCondition',
  ],
  [
    'a metric that is no query',
    'c',
    { content: speed(1), metrics: { queries: { m: 'x' } } },
    400,
    'InvalidConfigurationCustomMetricsQuery',
  ],
  ['a negative priority', 'c', { content: speed(1), priority: -1 }, 400, 'ArgumentInvalid'],
])('a hub refuses a configuration with %s', async (_name, id, body, status, name) => {
  expect(await put(id, body)).toMatchObject({ status, headers: { 'iothub-errorcode': name } });
});

test('clients can test the queries of a configuration before they create it', async () => {
  const ask = async (body: object) => (await askAsOwner(open, 'POST', '/configurations/testQueries', { body })).body;
  expect(await ask({ targetCondition: ulm, customMetricQueries: { ok: 'SELECT deviceId FROM devices' } })).toEqual({
    customMetricQueryErrors: {},
  });
  expect(await ask({ targetCondition: 'a =', customMetricQueries: { bad: 'SELECT' } })).toEqual({
    targetConditionError: 'Expected a value or a name, found the end of the query.',
    customMetricQueryErrors: { bad: 'Expected a name, found the end of the query.' },
  });
});

test('a hub applies configuration content to one device, except content for modules', async () => {
  await createDevice(open, 'single');
  const apply = (deviceId: string, body: object): Promise<RawAnswer> =>
    askAsOwner(open, 'POST', `/devices/${deviceId}/applyConfigurationContent`, { body });
  expect((await apply('single', speed(4))).status).toBe(204);
  expect(await twin('single')).toEqual({ values: { speed: 4 }, states: undefined });
  expect(await apply('nobody', speed(4))).toMatchObject({ status: 404 });
  expect(await apply('single', {})).toMatchObject({ headers: { 'iothub-errorcode': 'InvalidConfigurationContent' } });
  const edge = await apply('single', { modulesContent: { $edgeAgent: { 'properties.desired': {} } } });
  expect(edge).toMatchObject({ status: 501, headers: { 'iothub-errorcode': 'FeatureNotSupported' } });
});
