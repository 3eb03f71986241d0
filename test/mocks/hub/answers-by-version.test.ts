import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubApiVersions } from '../../../mocks/listeners/https/hub/api-versions.ts';
import { hubToken, serviceToken } from '../clients/credentials.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { askAsDevice, askHub, createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt } from '../clients/raw-mqtt.ts';
import { nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
const agent = new Agent({ keepAlive: true });
let open: OpenCloud;
let key: Buffer;
let edgeKey: Buffer;
let device: RawMqtt;

/**
 * The hub has an edge device, a child of that device, a module, a configuration and jobs. So the answer to every operation contains all
 * members of its schema.
 */
beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  key = await createDevice(open, 'dev');
  await call('PUT', '/devices/edge', { deviceId: 'edge', capabilities: { iotEdge: true } });
  const edge = await call('GET', '/devices/edge');
  const { symmetricKey } = (edge.body?.['authentication'] ?? {}) as { symmetricKey: { primaryKey: string } };
  edgeKey = Buffer.from(symmetricKey.primaryKey, 'base64');
  const deviceScope = edge.body?.['deviceScope'];
  await call('PUT', '/devices/child', { deviceId: 'child', status: 'disabled', statusReason: 'sold', deviceScope });
  await call('PUT', '/devices/dev/modules/fan', { deviceId: 'dev', moduleId: 'fan' });
  const thumbprints = { primaryThumbprint: 'A'.repeat(40), secondaryThumbprint: 'b'.repeat(64) };
  await call('PUT', '/devices/pinned', { authentication: { type: 'selfSigned', x509Thumbprint: thumbprints } });
  await call('PUT', '/configurations/every', configuration);
  await call('PUT', '/jobs/v2/twins', { jobId: 'twins', ...twinJob });
  await call('PATCH', '/twins/dev', { tags: { site: 'Ulm' }, properties: { desired: { pace: { low: 1 } } } });
  device = await connect('2021-04-12');
  await subscribe(device, '$iothub/methods/POST/#');
});
afterAll(async () => {
  device.close();
  agent.destroy();
  await open.cloud.close();
});

const configuration = {
  id: 'every',
  labels: { team: 'a' },
  content: { deviceContent: { 'properties.desired.rate': 5 } },
  targetCondition: '*',
  priority: 3,
  metrics: { queries: { all: 'SELECT deviceId FROM devices' } },
};
const twinJob = {
  type: 'scheduleUpdateTwin',
  updateTwin: { etag: '*', tags: { round: 1 } },
  queryCondition: "deviceId = 'dev'",
};
const method = { methodName: 'go', payload: { speed: 1 } };

function call(method: string, path: string, body?: unknown, apiVersion = '2021-04-12', etag?: string) {
  return askHub(open, {
    agent,
    method,
    path: `${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`,
    headers: {
      Authorization: serviceToken(ownerOf(open), hub),
      ...(etag === undefined ? {} : { 'If-Match': etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function connect(apiVersion: string, id = 'dev', own = key): Promise<RawMqtt> {
  const opened = await RawMqtt.open(open.cloud);
  const username = `${hub}/${id}/?api-version=${apiVersion}`;
  const code = await opened.connect({ clientId: id, username, password: hubToken(own, hub, id) });
  expect(code).toBe(0);
  return opened;
}

/**
 * Expects the body to match a schema of `test/schemas/hub`. If the name ends with `[]`, each item of a non-empty list must match the
 * schema.
 */
function expectHubFit(schema: string, { body, status, text }: RawAnswer, expected: number): void {
  expect([status, text]).toEqual([expected, text]);
  if (!schema.endsWith('[]')) return expectFit(`hub/${schema}`, body);
  const items = body as unknown as readonly unknown[];
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expectFit(`hub/${schema.slice(0, -2)}`, item);
}

type Operation = readonly [method: string, path: string, schema: string, body?: unknown];

const withBody = ([method, path, schema, body]: Operation): [string, string, string, unknown] => [
  method,
  path,
  schema,
  body,
];

/** The operations of the service API that return a body. */
const operations: readonly Operation[] = [
  ['GET', '/devices', 'identity[]'],
  ['GET', '/devices/dev', 'identity'],
  ['GET', '/devices/edge', 'identity'],
  ['GET', '/devices/child', 'identity'],
  ['GET', '/devices/pinned', 'identity'],
  ['POST', '/devices', 'bulk', [{ id: 'child', importMode: 'update', status: 'disabled' }]],
  ['GET', '/devices/dev/modules', 'module[]'],
  ['GET', '/devices/dev/modules/fan', 'module'],
  ['DELETE', '/devices/dev/commands', 'purge'],
  ['GET', '/statistics/devices', 'device-statistics'],
  ['GET', '/statistics/service', 'service-statistics'],
  ['GET', '/twins/dev', 'twin'],
  ['GET', '/twins/child', 'twin'],
  ['PATCH', '/twins/dev', 'twin', { properties: { desired: { pace: { low: 2 } } } }],
  ['PUT', '/twins/edge', 'twin', { tags: { site: 'Bonn' } }],
  ['GET', '/twins/dev/modules/fan', 'module-twin'],
  ['PATCH', '/twins/dev/modules/fan', 'module-twin', { tags: { room: 1 } }],
  ['PUT', '/twins/dev/modules/fan', 'module-twin', { properties: { desired: { on: true } } }],
  ['POST', '/devices/query', 'twin[]', { query: 'SELECT * FROM devices' }],
  ['POST', '/devices/query', 'module-twin[]', { query: 'SELECT * FROM devices.modules' }],
  ['POST', '/devices/query', 'device-jobs', { query: 'SELECT * FROM devices.jobs' }],
  ['GET', '/configurations', 'configuration[]'],
  ['GET', '/configurations/every', 'configuration'],
  ['POST', '/configurations/testQueries', 'tested-queries', { targetCondition: '%', customMetricQueries: { a: '%' } }],
  ['GET', '/jobs/v2/query', 'job[]'],
  ['GET', '/jobs/v2/twins', 'job'],
  ['POST', '/jobs/v2/twins/cancel', 'job'],
];

/** Requests that a hub refuses. The list has at least one request for each form of an error. */
const refusals: readonly (readonly [status: number, ...Operation])[] = [
  [404, 'GET', '/devices/ghost', 'error'],
  [409, 'PUT', '/devices/dev', 'error', { deviceId: 'dev' }],
  [412, 'DELETE', '/devices/dev', 'error'],
  [400, 'POST', '/devices', 'bulk', [{ id: 'dev', importMode: 'create' }]],
  [400, 'POST', '/devices/query', 'error', { query: 'SELECT' }],
  [404, 'GET', '/configurations/ghost', 'error'],
  [409, 'PUT', '/configurations/every', 'error', configuration],
  [404, 'GET', '/jobs/v2/ghost', 'error'],
  [409, 'PUT', '/jobs/v2/twins', 'error', twinJob],
  [404, 'GET', '/digitaltwins/ghost', 'error'],
  [404, 'POST', '/twins/ghost/methods', 'error', method],
  [404, 'POST', '/twins/edge/methods', 'error-folded', method],
  [404, 'GET', '/devices/dev/modules/ghost', 'error-of-module'],
  [409, 'PUT', '/devices/dev/modules/fan', 'error-of-module', { deviceId: 'dev', moduleId: 'fan' }],
  [412, 'DELETE', '/messages/serviceBound/feedback/ghost', 'error'],
  [405, 'PATCH', '/devices/dev', 'error', {}],
  [501, 'GET', '/jobs/create', 'error'],
];

/** Runs an assertion under every API version of a hub. If the assertion fails, its error names the version. */
async function underEachVersion(assertion: (apiVersion: string) => Promise<void>): Promise<void> {
  for (const apiVersion of hubApiVersions) {
    await assertion(apiVersion).catch((error: unknown) => {
      throw new Error(`under ${apiVersion}: ${String(error)}`, { cause: error });
    });
  }
}

describe('a hub, under every API version', () => {
  test.each<[string, string, string, unknown]>(operations.map(withBody))(
    'answers the request %s %s as the schema `%s` requires',
    async (name, path, schema, body) => {
      await underEachVersion(async (apiVersion) => expectHubFit(schema, await call(name, path, body, apiVersion), 200));
    },
  );

  test.each<[number, string, string, string, unknown]>(
    refusals.map(([status, ...rest]) => [status, ...withBody(rest)]),
  )('answers with %i to the request %s %s, as the schema `%s` requires', async (status, name, path, schema, body) => {
    await underEachVersion(async (apiVersion) => {
      const answer = await call(name, path, body, apiVersion);
      expectHubFit(schema, answer, status);
      if (schema === 'error-folded') expectFit('hub/error-of-device', JSON.parse(String(answer.body?.['Message'])));
    });
  });

  test.each<[string, string, object]>([
    ['/devices/new', 'identity', { deviceId: 'new' }],
    ['/devices/dev/modules/own', 'module', { deviceId: 'dev', moduleId: 'own' }],
    ['/configurations/new', 'configuration', { ...configuration, id: 'new' }],
  ])('creates, updates and deletes %s, a resource of the schema `%s`', async (path, schema, body) => {
    await underEachVersion(async (apiVersion) => {
      for (const etag of [undefined, '*']) expectHubFit(schema, await call('PUT', path, body, apiVersion, etag), 200);
      expect(await call('DELETE', path, undefined, apiVersion, '*')).toMatchObject({ status: 204, text: '' });
    });
  });

  test('creates jobs, and answers as the schema `job` requires', async () => {
    const cloudToDeviceMethod = { ...method, responseTimeoutInSeconds: 10 };
    const later = {
      type: 'scheduleDeviceMethod',
      cloudToDeviceMethod,
      startTime: '2030-01-01T00:00:00Z',
      queryCondition: '*',
    };
    await underEachVersion(async (apiVersion) => {
      const jobId = `job-${apiVersion}`;
      expectHubFit('job', await call('PUT', `/jobs/v2/${jobId}`, { jobId, ...twinJob }, apiVersion), 200);
      expectHubFit('job', await call('PUT', `/jobs/v2/${jobId}-m`, { ...later, jobId: `${jobId}-m` }, apiVersion), 200);
    });
  });

  test('returns the answer of a device to a direct method', async () => {
    await underEachVersion(async (apiVersion) => {
      const asked = call('POST', '/twins/dev/methods', method, apiVersion);
      const { topic } = await nextMessage(device);
      device.send(publishPacket(`$iothub/methods/res/201/?$rid=${/\$rid=(.+)$/.exec(topic)?.[1]}`, '{"ok":true}'));
      const answer = await asked;
      expectHubFit('method-answer', answer, 200);
      expect(answer.body).toEqual({ status: 201, payload: { ok: true } });
    });
  });

  test('starts and ends a file upload', async () => {
    await underEachVersion(async (apiVersion) => {
      const path = (rest: string) => `/devices/dev/files${rest}?api-version=${apiVersion}`;
      const post = (where: string, body: object) =>
        askAsDevice(open, { id: 'dev', key }, { agent, method: 'POST', path: where, body: JSON.stringify(body) });
      const started = await post(path(''), { blobName: 'a.log' });
      expectHubFit('upload', started, 200);
      const end = { correlationId: started.body?.['correlationId'], isSuccess: false, statusCode: 500 };
      expect(await post(path('/notifications'), end)).toMatchObject({ status: 204, text: '' });
    });
  });

  test('returns feedback about messages to devices to the service client', async () => {
    await underEachVersion(async (apiVersion) => {
      open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('hello'), messageId: 'm', ack: 'full' });
      await call('DELETE', '/devices/dev/commands', undefined, apiVersion);
      const feedback = await call('GET', '/messages/serviceBound/feedback', undefined, apiVersion);
      expectHubFit('feedback', feedback, 200);
      const lock = String(feedback.headers['etag']).replaceAll('"', '');
      const settled = await call('DELETE', `/messages/serviceBound/feedback/${lock}`, undefined, apiVersion);
      expect(settled).toMatchObject({ status: 204, text: '' });
    });
  });

  test('answers twin requests of a device over MQTT, and refuses reported properties that are not an object', async () => {
    await underEachVersion(async (apiVersion) => {
      const own = await connect(apiVersion, 'edge', edgeKey);
      expect(await subscribe(own, '$iothub/twin/res/#')).toEqual([1]);
      own.send(publishPacket('$iothub/twin/GET/?$rid=1', ''));
      const read = await nextMessage(own);
      expect(read.topic).toBe('$iothub/twin/res/200/?$rid=1');
      expectFit('hub/twin-of-device', JSON.parse(read.text));
      own.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=2', '{"on":true}'));
      const written = await nextMessage(own);
      expect([written.topic.replace(/\d+$/, 'N'), written.text]).toEqual([
        '$iothub/twin/res/204/?$rid=2&$version=N',
        '',
      ]);
      own.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=3', '[]'));
      const refused = await nextMessage(own);
      expect(refused.topic).toBe('$iothub/twin/res/400/?$rid=3');
      expectFit('hub/error-of-device', JSON.parse(refused.text));
      own.close();
    });
  });
});
