import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mint, shows, yearMs } from '../../clients/certificates.ts';
import { hubToken, serviceToken } from '../../clients/credentials.ts';
import { askAsDevice, askAsOwner, askHub, createDevice, ownerOf } from '../../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { connectPacket, RawMqtt, subscribePacket } from '../../clients/raw-mqtt.ts';

const [hub, otherHub] = hubs;
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
afterAll(() => open.cloud.close());

describe('the HTTPS API of a hub', () => {
  const se = noon / 1000;

  test.each<[string, () => string | null, number, string]>([
    ['the owner', () => serviceToken(ownerOf(open), hub), 200, 'none'],
    ['the owner, a token for this device', () => serviceToken(ownerOf(open), `${hub}/devices/dev`), 200, 'none'],
    ['the owner, 5 min late', () => serviceToken(ownerOf(open), hub, se - 300), 200, 'none'],
    ['the owner, later', () => serviceToken(ownerOf(open), hub, se - 301), 401, 'hub-token-fresh'],
    ['a client without a token', () => null, 401, 'hub-token-well-formed'],
    ['a token for another hub', () => serviceToken(ownerOf(open), otherHub), 401, 'hub-token-well-formed'],
    [
      'a token for a name that only begins alike',
      () => serviceToken(ownerOf(open), `${hub}/devices/de`),
      401,
      'hub-token-well-formed',
    ],
    ['an unknown policy', () => serviceToken({ ...ownerOf(open), policyName: 'boss' }, hub), 401, 'hub-policy-allows'],
    ['the device itself', () => hubToken(key, hub, 'dev'), 401, 'hub-policy-allows'],
    [
      "a policy that may not, with the owner's key",
      () => serviceToken({ ...ownerOf(open), policyName: 'device' }, hub),
      401,
      'hub-policy-allows',
    ],
    [
      "another policy that may, with the owner's key",
      () => serviceToken({ ...ownerOf(open), policyName: 'registryRead' }, hub),
      401,
      'hub-token-signature-matches',
    ],
    ['the owner of another hub', () => serviceToken(otherOwner(), hub), 401, 'hub-token-signature-matches'],
  ])('accepts or refuses, as documented, the token of %s', async (_name, token, status, refusal) => {
    const before = open.decisions().length;
    const answer = await askHub(open, { path: '/devices/dev', headers: { Authorization: token() } });
    expect(answer.status).toBe(status);
    const judged = open.decisions().slice(before);
    expect(judged.flatMap(({ checks }) => checks.filter(({ passed }) => !passed).map(({ check }) => check))).toEqual(
      refusal === 'none' ? [] : [refusal],
    );
    if (status !== 200) {
      expect(answer.headers['iothub-errorcode']).toBe('IotHubUnauthorizedAccess');
      expect(answer.body).toEqual({
        Message: 'ErrorCode:IotHubUnauthorizedAccess;Unauthorized',
        ExceptionMessage: expect.stringMatching(/^Tracking ID:[0-9A-F]{32}-G:0-TimeStamp:2026-01-05T12/) as unknown,
      });
    }
  });

  const otherOwner = () => open.cloud.hubAccess.get(otherHub) ?? { policyName: '', key: '' };

  test.each([
    ['GET', '/devices/dev?api-version=1999-01-01', 400],
    ['GET', '/nothing', 404],
    ['PATCH', '/devices/dev', 405],
    ['GET', '/devices/ghost', 404],
    ['GET', '/twins/ghost', 404],
    ['PATCH', '/twins/ghost', 404],
    ['GET', '/devices/__proto__', 404],
    ['GET', '/statistics/constructor', 404],
  ])('answers the request %s %s with an error', async (method, path, status) => {
    expect((await askAsOwner(open, method, path, method === 'PATCH' ? { body: {} } : {})).status).toBe(status);
  });

  test('serves requests for the host `localhost` only if the lab has a single hub', async () => {
    const single = await openCloud({ hubs: [hub] });
    const headers = { Authorization: serviceToken(ownerOf(single), hub) };
    expect((await askHub(single, { path: '/devices', headers }, 'localhost')).status).toBe(200);
    expect((await askHub(single, { path: '/devices', headers }, 'global.azure-devices-provisioning.net')).status).toBe(
      404,
    );
    expect((await askHub(single, { path: '/devices', headers }, otherHub)).status).toBe(404);
    expect((await askHub(open, { path: '/devices', headers }, 'localhost')).status).toBe(404);
    await single.cloud.close();
  });
});

describe('the registry over HTTPS', () => {
  const put = (id: string, body: object, ifMatch?: string) =>
    askAsOwner(open, 'PUT', `/devices/${id}`, {
      body,
      ...(ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } }),
    });

  test('creates a device only without `If-Match`, and updates it only with `If-Match`', async () => {
    const created = await put('r1', { deviceId: 'r1' });
    expect(created.body).toMatchObject({
      deviceId: 'r1',
      generationId: expect.stringMatching(/^\d{18}$/) as unknown,
      statusReason: null,
      connectionStateUpdatedTime: '0001-01-01T00:00:00Z',
      statusUpdatedTime: '0001-01-01T00:00:00Z',
      lastActivityTime: '0001-01-01T00:00:00Z',
      cloudToDeviceMessageCount: 0,
      authentication: { type: 'sas', x509Thumbprint: { primaryThumbprint: null, secondaryThumbprint: null } },
      capabilities: { iotEdge: false },
    });
    const etag = String(created.body?.['etag']);
    expect(created.headers['etag']).toBe(`"${etag}"`);
    expect(await put('r1', {})).toMatchObject({ status: 409, headers: { 'iothub-errorcode': 'DeviceAlreadyExists' } });
    expect((await put('r2', {}, '*')).status).toBe(404);
    expect((await put('r1', { status: 'disabled' }, '"AAAA"')).status).toBe(412);
    const updated = await put('r1', { status: 'disabled' }, etag);
    expect(updated.body).toMatchObject({
      status: 'disabled',
      statusUpdatedTime: '2026-01-05T12:00:00.0000000Z',
      generationId: created.body?.['generationId'],
    });
    expect(updated.body?.['authentication']).not.toEqual(created.body?.['authentication']);
    expect((await put('r1', {}, `"${etag}"`)).status).toBe(412);
  });

  test('treats a POST with `X-HTTP-Method-Override: PATCH` as a PATCH, as the Java SDK sends it', async () => {
    await createDevice(open, 'override');
    const headers = { 'X-HTTP-Method-Override': 'PATCH' };
    const patched = await askAsOwner(open, 'POST', '/twins/override', { body: { tags: { a: 1 } }, headers });
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({ tags: { a: 1 } });
    const deleted = { 'X-HTTP-Method-Override': 'DELETE' };
    expect((await askAsOwner(open, 'POST', '/twins/override', { body: {}, headers: deleted })).status).toBe(405);
  });

  test('deletes a device only with `If-Match`, and gives a re-created device a new generation', async () => {
    const first = await put('r3', {});
    await askAsOwner(open, 'PATCH', '/twins/r3', { body: { tags: { a: 1 } } });
    expect(await askAsOwner(open, 'DELETE', '/devices/r3')).toMatchObject({
      status: 412,
      body: { Message: expect.stringContaining('Etag missing') as unknown },
    });
    const headers = { 'If-Match': '*' };
    expect(await askAsOwner(open, 'DELETE', '/devices/r3', { headers })).toMatchObject({ status: 204, text: '' });
    expect((await askAsOwner(open, 'DELETE', '/devices/r3', { headers })).status).toBe(404);
    expect((await put('r3', {})).body?.['generationId']).not.toBe(first.body?.['generationId']);
    expect((await askAsOwner(open, 'GET', '/twins/r3')).body?.['tags']).toEqual({});
  });

  test.each<[string, object]>([
    ['another ID in the body', { deviceId: 'r5' }],
    ['an unknown status', { status: 'asleep' }],
    ['a reason that is too long', { statusReason: 'x'.repeat(129) }],
    ['one key alone', { authentication: { symmetricKey: { primaryKey: Buffer.alloc(32).toString('base64') } } }],
    ['keys that are too short', withKeys(Buffer.alloc(15))],
    ['keys that are too long', withKeys(Buffer.alloc(65))],
    ['keys that are not base64', { authentication: { symmetricKey: { primaryKey: '%%%', secondaryKey: '%%%' } } }],
    ['a thumbprint with colons', { authentication: { x509Thumbprint: { primaryThumbprint: 'AB:CD' } } }],
    ['an unknown type', { authentication: { type: 'none' } }],
    ['keys that are numbers', { authentication: { symmetricKey: { primaryKey: 1, secondaryKey: 2 } } }],
  ])('refuses %s', async (_name, body) => {
    expect(await put('r4', body)).toMatchObject({ status: 400, headers: { 'iothub-errorcode': 'ArgumentInvalid' } });
    expect((await askAsOwner(open, 'GET', '/devices/r4')).status).toBe(404);
  });

  test('accepts a status with a capital, as the Java SDK writes it', async () => {
    const answer = await askAsOwner(open, 'PUT', '/devices/java', { body: { deviceId: 'java', status: 'Disabled' } });
    expect(answer).toMatchObject({ status: 200, body: { status: 'disabled' } });
    expect(await askAsOwner(open, 'PUT', '/devices/java-2', { body: { status: ['enabled', 1] } })).toMatchObject({
      status: 400,
    });
  });

  test('accepts keys of 16 and of 64 bytes unchanged', async () => {
    for (const [id, length] of [
      ['k16', 16],
      ['k64', 64],
    ] as const) {
      const body = withKeys(Buffer.alloc(length, 7));
      expect((await put(id, body)).body?.['authentication']).toMatchObject(body.authentication);
    }
  });

  test('authenticates a device by its SHA-1 or SHA-256 thumbprint', async () => {
    const leaf = await mint('pinned');
    const { thumbprintSha1, thumbprintSha256 } = leaf.certificate;
    for (const [id, primaryThumbprint] of [
      ['sha1', thumbprintSha1.toLowerCase()],
      ['sha256', thumbprintSha256],
    ] as const) {
      await put(id, { authentication: { type: 'selfSigned', x509Thumbprint: { primaryThumbprint } } });
      const request = { method: 'POST', path: `/devices/${id}/messages/events`, body: 'x' };
      expect((await askHub(open, { ...request, client: shows(leaf) })).status).toBe(204);
      expect((await askHub(open, { ...request, client: shows(await mint('pinned')) })).status).toBe(401);
    }
  });

  test('authenticates a device by a certificate of a CA of the hub, if the common name and the validity of the certificate are right', async () => {
    const ca = await mint('Hub CA', { ca: {} });
    expect(open.cloud.operator.putHubAuthority(hub, ca.der)).toMatchObject({ ok: true });
    expect(open.cloud.operator.putHubAuthority('no.azure-devices.net', ca.der)).toMatchObject({ ok: false });
    await put('issued', { authentication: { type: 'certificateAuthority' } });
    const issuer = { certificate: ca.certificate, keys: ca.keys };
    const say = async (name: string, from?: object) => {
      const client = shows(await mint(name, from));
      const { status } = await askHub(open, {
        method: 'POST',
        path: '/devices/issued/messages/events',
        body: 'x',
        client,
      });
      return status === 204 ? 'hub passed' : open.lastVerdict();
    };
    expect(await say('issued', { issuer })).toBe('hub passed');
    expect(await say('Issued', { issuer })).toBe('hub hub-common-name-matches');
    expect(await say('issued')).toBe('hub hub-chain-trusted');
    open.clock.set(noon + 20 * yearMs);
    expect(await say('issued', { issuer })).toBe('hub hub-chain-trusted');
    open.clock.set(noon);
  });

  test('lists the requested number of devices', async () => {
    const list = async (query: string) => askAsOwner(open, 'GET', `/devices/?${query}`);
    expect(JSON.parse((await list('top=2')).text)).toHaveLength(2);
    for (const bad of ['0', '1001', 'x', '-1']) expect((await list(`top=${bad}`)).status).toBe(400);
  });

  test('applies the valid part of a bulk request and lists the errors of the rest', async () => {
    const answer = await askAsOwner(open, 'POST', '/devices', {
      body: [
        { id: 'b1', importMode: 'create' },
        { id: 'dev', importMode: 'create' },
        { id: 'b2', importMode: 'createOrUpdate' },
        { id: 'b1', importMode: 'updateIfMatchETag', eTag: 'old' },
        { id: 'b2', importMode: 'delete' },
        { id: 'b1', importMode: 'explode' },
        { importMode: 'create' },
      ],
    });
    expect(answer.status).toBe(400);
    const errors = answer.body?.['errors'] as readonly { readonly deviceId: string; readonly errorCode: number }[];
    expect(errors.map(({ deviceId, errorCode }) => [deviceId, errorCode])).toEqual([
      ['dev', 409_001],
      ['b1', 412_001],
      ['b1', 400_004],
      ['', 400_004],
    ]);
    expect((await askAsOwner(open, 'GET', '/devices/b1')).status).toBe(200);
    expect((await askAsOwner(open, 'GET', '/devices/b2')).status).toBe(404);
    for (const body of [[], {}, Array.from({ length: 101 }, () => ({ id: 'x' })), [1]]) {
      expect((await askAsOwner(open, 'POST', '/devices', { body })).status).toBe(400);
    }
  });

  test('counts its devices', async () => {
    const { body } = await askAsOwner(open, 'GET', '/statistics/devices');
    const { totalDeviceCount, enabledDeviceCount, disabledDeviceCount } = body as Record<string, number>;
    expect((enabledDeviceCount ?? 0) + (disabledDeviceCount ?? 0)).toBe(totalDeviceCount);
    expect((await askAsOwner(open, 'GET', '/statistics/service')).body).toEqual({ connectedDeviceCount: 0 });
  });
});

describe('twins over HTTPS', () => {
  test('include the fields of the identity', async () => {
    await createDevice(open, 't1');
    const { body, headers } = await askAsOwner(open, 'GET', '/twins/t1');
    const identity = (await askAsOwner(open, 'GET', '/devices/t1')).body;
    expect(headers['etag']).toBe('"AAAAAAAAAAE="');
    expect(body).toEqual({
      deviceId: 't1',
      etag: 'AAAAAAAAAAE=',
      deviceEtag: identity?.['etag'],
      status: 'enabled',
      statusUpdateTime: '0001-01-01T00:00:00Z',
      connectionState: 'Disconnected',
      lastActivityTime: '0001-01-01T00:00:00Z',
      cloudToDeviceMessageCount: 0,
      authenticationType: 'sas',
      x509Thumbprint: { PrimaryThumbprint: null, SecondaryThumbprint: null },
      modelId: '',
      version: 2,
      tags: {},
      properties: {
        desired: { $metadata: { $lastUpdated: '2026-01-05T12:00:00.0000000Z' }, $version: 1 },
        reported: { $metadata: { $lastUpdated: '2026-01-05T12:00:00.0000000Z' }, $version: 1 },
      },
      capabilities: { iotEdge: false },
    });
  });

  test('are patched and replaced only with their ETag', async () => {
    await createDevice(open, 't2');
    const write = (method: string, body: object, ifMatch: string) =>
      askAsOwner(open, method, '/twins/t2', { body, headers: { 'If-Match': ifMatch } });
    const patched = await write('PATCH', { tags: { a: { b: 1, c: 2 } } }, '"AAAAAAAAAAE="');
    expect(patched.body).toMatchObject({ etag: 'AAAAAAAAAAI=', tags: { a: { b: 1, c: 2 } } });
    expect((await write('PATCH', { tags: { a: null } }, '"AAAAAAAAAAE="')).status).toBe(412);
    expect((await write('PATCH', { tags: { a: { b: null } } }, '*')).body?.['tags']).toEqual({ a: { c: 2 } });
    const replaced = await write('PUT', patched.body ?? {}, '*');
    expect(replaced.body?.['tags']).toEqual({ a: { b: 1, c: 2 } });
    expect((await write('PUT', {}, '*')).body?.['tags']).toEqual({});
    for (const body of [
      [],
      { tags: 1 },
      { properties: [] },
      { properties: { desired: 'x' } },
      { tags: { 'a.b': 1 } },
    ]) {
      expect((await write('PATCH', body, '*')).status).toBe(400);
    }
  });

  test('are queried page by page', async () => {
    const single = await openCloud({ hubs: [hub] });
    for (const [id, site] of [
      ['a', 'Ulm'],
      ['b', 'Bonn'],
      ['c', 'Ulm'],
    ] as const) {
      await createDevice(single, id);
      await askAsOwner(single, 'PATCH', `/twins/${id}`, { body: { tags: { site } } });
    }
    const query = (text: string, headers: Readonly<Record<string, string>> = {}) =>
      askAsOwner(single, 'POST', '/devices/query', { body: { query: text }, headers });
    const fields = await query("SELECT deviceId, tags.site AS place FROM devices WHERE tags.site IN ['Ulm']");
    expect(JSON.parse(fields.text)).toEqual([
      { deviceId: 'a', place: 'Ulm' },
      { deviceId: 'c', place: 'Ulm' },
    ]);
    expect(fields.headers['x-ms-item-type']).toBe('Raw');
    const first = await query('SELECT * FROM devices', { 'x-ms-max-item-count': '2' });
    expect(first.headers['x-ms-item-type']).toBe('Twin');
    expect(JSON.parse(first.text)).toHaveLength(2);
    const token = String(first.headers['x-ms-continuation']);
    const second = await query('SELECT * FROM devices', { 'x-ms-max-item-count': '2', 'x-ms-continuation': token });
    expect(JSON.parse(second.text)).toMatchObject([{ deviceId: 'c' }]);
    expect(second.headers['x-ms-continuation']).toBeUndefined();
    expect((await query('SELECT * FROM devices', { 'x-ms-continuation': 'x' })).status).toBe(400);
    expect((await query('SELECT * FROM devices', { 'x-ms-max-item-count': '0' })).status).toBe(400);
    expect((await query('SELECT COUNT( FROM devices')).status).toBe(400);
    await single.cloud.close();
  });

  test.each<[string, object]>([
    ['no name', {}],
    ['a name with a slash', { methodName: 'a/b' }],
    ['a short timeout', { methodName: 'a', responseTimeoutInSeconds: 4 }],
    ['a long timeout', { methodName: 'a', responseTimeoutInSeconds: 301 }],
    ['a timeout that is a text', { methodName: 'a', connectTimeoutInSeconds: '5' }],
  ])('do not permit a direct method with %s', async (_name, body) => {
    expect((await askAsOwner(open, 'POST', '/twins/dev/methods', { body })).status).toBe(400);
  });
});

test.each([
  ['POST', '/twins/dev/streams/s', 'device streams'],
  ['POST', '/jobs/create', 'import and export jobs'],
  ['GET', '/messages/serviceBound/filenotifications', 'file notifications over HTTPS'],
])('a hub refuses the request %s %s, and the error names the unsupported feature', async (method, path, feature) => {
  const answer = await askAsOwner(open, method, path);
  expect(answer.status).toBe(501);
  expect(answer.headers['iothub-errorcode']).toBe('FeatureNotSupported');
  expect(JSON.stringify(answer.body)).toContain(`rehearse does not support ${feature}`);
});

describe('a device over HTTPS', () => {
  const dev = () => ({ id: 'dev', key });
  const events = '/devices/dev/messages/events';
  const bound = '/devices/dev/messages/deviceBound';

  test('sends one message, or several in one request', async () => {
    expect(await askAsDevice(open, dev(), { method: 'POST', path: events, body: 'x' })).toMatchObject({
      status: 204,
      text: '',
    });
    const headers = { 'Content-Type': 'application/vnd.microsoft.iothub.json' };
    const batch = (body: string) => askAsDevice(open, dev(), { method: 'POST', path: events, headers, body });
    expect(
      (await batch('[{"body":"eA==","properties":{"iothub-app-a":"b"}},{"body":"x","base64Encoded":false}]')).status,
    ).toBe(204);
    for (const bad of ['', '[]', '{}', '[{}]', '[{"body":1}]', '[{"body":"eA==","properties":[]}]']) {
      expect((await batch(bad)).status).toBe(400);
    }
  });

  test('sends a message of up to 256 KB', async () => {
    const send = (length: number) =>
      askAsDevice(open, dev(), { method: 'POST', path: events, body: Buffer.alloc(length) });
    expect((await send(256 * 1024)).status).toBe(204);
    expect(await send(256 * 1024 + 1)).toMatchObject({
      status: 413,
      headers: { 'iothub-errorcode': 'MessageTooLarge' },
    });
    expect((await send(400 * 1024)).status).toBe(413);
  });

  test('is refused if it uses a wrong key, or sends to the address of another device', async () => {
    const wrong = { id: 'dev', key: Buffer.alloc(32) };
    expect((await askAsDevice(open, wrong, { method: 'POST', path: events, body: 'x' })).status).toBe(401);
    const others = '/devices/t1/messages/events';
    expect((await askAsDevice(open, dev(), { method: 'POST', path: others, body: 'x' })).status).toBe(401);
  });

  test('may use the key of a policy with the right `DeviceConnect`', async () => {
    const headers = { Authorization: serviceToken(ownerOf(open), hub) };
    expect((await askHub(open, { method: 'POST', path: events, body: 'x', headers })).status).toBe(204);
    const forged = { Authorization: serviceToken({ ...ownerOf(open), policyName: 'registryRead' }, hub) };
    expect((await askHub(open, { method: 'POST', path: events, body: 'x', headers: forged })).status).toBe(401);
  });

  test('receives, abandons, rejects and completes messages, whose lock lasts a minute', async () => {
    const send = (messageId: string) =>
      open.cloud.operator.sendToDevice(hub, 'dev', {
        body: Buffer.from([0, 255]),
        messageId,
        properties: { Colour: 'red', ü: 'no header' },
      });
    const take = () => askAsDevice(open, dev(), { path: bound });
    const settle = (method: string, lock: string, rest = '') =>
      askAsDevice(open, dev(), { method, path: `${bound}/${lock}${rest}` });
    const lockOf = (answer: Awaited<ReturnType<typeof take>>) => String(answer.headers['etag']).replaceAll('"', '');
    expect((await take()).status).toBe(204);
    send('m1');
    const first = await take();
    expect(first.headers).toMatchObject({
      'iothub-messageid': 'm1',
      'iothub-app-colour': 'red',
      'iothub-deliverycount': '0',
      'iothub-sequencenumber': '1',
      'iothub-to': '/devices/dev/messages/deviceBound',
    });
    expect((await take()).status).toBe(204);
    expect((await settle('POST', lockOf(first), '/abandon')).status).toBe(204);
    const second = await take();
    expect(second.headers['iothub-deliverycount']).toBe('1');
    expect((await settle('DELETE', lockOf(first))).status).toBe(412);
    open.clock.set(noon + 60_000);
    expect(await settle('DELETE', lockOf(second))).toMatchObject({
      status: 412,
      headers: { 'iothub-errorcode': 'DeviceMessageLockLost' },
    });
    const third = await take();
    // If a lock expires, the delivery does not count as abandoned.
    expect(third.headers['iothub-deliverycount']).toBe('1');
    expect((await settle('DELETE', lockOf(third))).status).toBe(204);
    send('m2');
    expect((await settle('DELETE', lockOf(await take()), '?reject')).status).toBe(204);
    expect((await take()).status).toBe(204);
    send('m3');
    for (let count = 0; count < 10; count++)
      expect((await settle('POST', lockOf(await take()), '/abandon')).status).toBe(204);
    expect((await take()).status).toBe(204);
    open.clock.set(noon);
  });

  test('gets the error that it requests by a fault property of a message', async () => {
    await createDevice(open, 'faulty').then(async (own) => {
      const order = (type: string) =>
        askAsDevice(
          open,
          { id: 'faulty', key: own },
          {
            method: 'POST',
            path: '/devices/faulty/messages/events',
            body: 'x',
            headers: {
              'iothub-app-AzIoTHub_FaultOperationType': type,
              'iothub-app-AzIoTHub_FaultOperationDurationInSecs': '0',
            },
          },
        );
      expect((await order('InvokeThrottling')).status).toBe(429);
      expect((await order('InvokeMaxMessageQuota')).status).toBe(403);
      expect((await order('InvokeAuthError')).status).toBe(401);
    });
  });
});

test('a direct method ends at its timeout if the device does not answer', async () => {
  const device = await RawMqtt.open(open.cloud);
  device.send(
    connectPacket({
      clientId: 'dev',
      username: `${hub}/dev/?api-version=2021-04-12`,
      password: hubToken(key, hub, 'dev'),
    }),
    subscribePacket(1, ['$iothub/methods/POST/#', 0]),
  );
  expect([(await device.next()).kind, (await device.next()).kind]).toEqual(['connack', 'suback']);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const body = { methodName: 'open', responseTimeoutInSeconds: 5 };
    const answered = askAsOwner(open, 'POST', '/twins/dev/methods', { body });
    await device.next();
    await vi.advanceTimersByTimeAsync(5000);
    const answer = await answered;
    expect(answer).toMatchObject({ status: 504, headers: { 'iothub-errorcode': 'GatewayTimeout' } });
    expect(JSON.parse(String(answer.body?.['Message']))).toMatchObject({ errorCode: 504_101 });
  } finally {
    vi.useRealTimers();
    device.close();
  }
});

function withKeys(key: Buffer) {
  const text = key.toString('base64');
  return { authentication: { symmetricKey: { primaryKey: text, secondaryKey: text } } };
}

describe('feedback over HTTPS', () => {
  const feedback = '/messages/serviceBound/feedback';

  let backKey: Buffer;
  beforeAll(async () => {
    backKey = await createDevice(open, 'back');
  });

  async function sendAndComplete(messageId: string): Promise<void> {
    open.cloud.operator.sendToDevice(hub, 'back', { body: Buffer.from('x'), messageId, ack: 'full' });
    const got = await askAsDevice(open, { id: 'back', key: backKey }, { path: '/devices/back/messages/devicebound' });
    const lock = String(got.headers['etag']).replaceAll('"', '');
    await askAsDevice(
      open,
      { id: 'back', key: backKey },
      { method: 'DELETE', path: `/devices/back/messages/devicebound/${lock}` },
    );
  }

  test('can be received, abandoned, received again and completed', async () => {
    expect(await askAsOwner(open, 'GET', feedback)).toMatchObject({ status: 204 });
    await sendAndComplete('m-1');
    const first = await askAsOwner(open, 'GET', feedback);
    expect(first.status).toBe(200);
    expect(first.headers['content-type']).toBe('application/vnd.microsoft.iothub.feedback.json');
    expect(first.body).toMatchObject([{ originalMessageId: 'm-1', deviceId: 'back', statusCode: 'Success' }]);
    expect(await askAsOwner(open, 'GET', feedback)).toMatchObject({ status: 204 });
    const token = String(first.headers['etag']).replaceAll('"', '');
    expect(await askAsOwner(open, 'POST', `${feedback}/${token}/abandon`)).toMatchObject({ status: 204 });
    const second = await askAsOwner(open, 'GET', feedback);
    const next = String(second.headers['etag']).replaceAll('"', '');
    expect(next).not.toBe(token);
    expect(await askAsOwner(open, 'DELETE', `${feedback}/${next}`)).toMatchObject({ status: 204 });
    expect(await askAsOwner(open, 'DELETE', `${feedback}/${next}`)).toMatchObject({ status: 412 });
    expect(await askAsOwner(open, 'GET', feedback)).toMatchObject({ status: 204 });
  });
});
