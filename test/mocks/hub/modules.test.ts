import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hubToken, tokenFor } from '../clients/credentials.ts';
import { mint, shows } from '../clients/certificates.ts';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { publishPacket, RawMqtt, type ConnectFields } from '../clients/raw-mqtt.ts';
import { nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
let open: OpenCloud;
let count = 0;
const connections: RawMqtt[] = [];

beforeAll(async () => {
  open = await openCloud();
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => open.cloud.close());

interface Keyed {
  readonly symmetricKey: { readonly primaryKey: string | null };
}

async function createModule(deviceId: string, moduleId: string, body: object = {}): Promise<Buffer> {
  const answer = await askAsOwner(open, 'PUT', `/devices/${deviceId}/modules/${encodeURIComponent(moduleId)}`, {
    body: { deviceId, moduleId, ...body },
  });
  expect(answer.status).toBe(200);
  return Buffer.from(keyIn(answer.body) ?? '', 'base64');
}

/** Returns the primary key in the answer of the registry; null for a module with a certificate. */
function keyIn(body: Readonly<Record<string, unknown>> | undefined): string | null | undefined {
  return (body?.['authentication'] as Keyed | undefined)?.symmetricKey.primaryKey;
}

/** Creates a device with one module, and returns their IDs and the key of the module. */
async function pair(moduleId = 'motor'): Promise<{ id: string; deviceKey: Buffer; key: Buffer }> {
  const id = `dev-${++count}`;
  const deviceKey = await createDevice(open, id);
  return { id, deviceKey, key: await createModule(id, moduleId) };
}

function tokenOf(key: Buffer, id: string, moduleId = 'motor'): string {
  return tokenFor(key, encodeURIComponent(`${hub}/devices/${id}/modules/${moduleId}`));
}

async function dial(fields: ConnectFields): Promise<{ client: RawMqtt; code: number | 'closed' }> {
  const client = await RawMqtt.open(open.cloud);
  connections.push(client);
  return { client, code: await client.connect(fields) };
}

async function connectModule(id: string, key: Buffer, moduleId = 'motor'): Promise<RawMqtt> {
  const { client, code } = await dial({
    clientId: `${id}/${moduleId}`,
    username: `${hub}/${id}/${moduleId}/?api-version=2021-04-12`,
    password: tokenOf(key, id, moduleId),
  });
  expect(code).toBe(0);
  return client;
}

describe('the registry of modules', () => {
  test('creates, reads, lists, replaces and deletes a module', async () => {
    const { id } = await pair();
    const place = `/devices/${id}/modules/motor`;
    const read = await askAsOwner(open, 'GET', place);
    expect(read.body).toMatchObject({
      moduleId: 'motor',
      deviceId: id,
      managedBy: null,
      connectionState: 'Disconnected',
    });
    expect(read.body).not.toHaveProperty('status');
    expect((await askAsOwner(open, 'GET', `/devices/${id}/modules`)).body).toEqual([read.body]);
    const body = { moduleId: 'motor', deviceId: id, managedBy: 'iotEdge' };
    const replaced = await askAsOwner(open, 'PUT', place, { body, headers: { 'If-Match': '*' } });
    expect(replaced.body).toMatchObject({ managedBy: 'iotEdge', generationId: read.body?.['generationId'] });
    expect(replaced.body?.['authentication']).not.toEqual(read.body?.['authentication']);
    expect((await askAsOwner(open, 'DELETE', place)).status).toBe(412);
    expect((await askAsOwner(open, 'DELETE', place, { headers: { 'If-Match': '*' } })).status).toBe(204);
    expect((await askAsOwner(open, 'GET', place)).status).toBe(404);
  });

  test('answers 404010 for a missing module and 409301 for an existing module', async () => {
    const { id } = await pair();
    const missing = await askAsOwner(open, 'GET', `/devices/${id}/modules/none`);
    expect(missing).toMatchObject({ status: 404, body: { errorCode: 404010 } });
    expect(missing.headers['iothub-errorcode']).toBe('ModuleNotFound');
    const again = await askAsOwner(open, 'PUT', `/devices/${id}/modules/motor`, { body: {} });
    expect(again).toMatchObject({
      status: 409,
      body: {
        errorCode: 409301,
        message: `Device ${id} in IotHub ${hub.split('.', 1)[0]} already contains Module motor.`,
      },
    });
    expect(Object.keys(again.body ?? {}).toSorted()).toEqual(['errorCode', 'message', 'timestampUtc', 'trackingId']);
    const twin = await askAsOwner(open, 'GET', `/twins/${id}/modules/none`);
    expect(twin.headers['iothub-errorcode']).toBe('ModuleNotFound');
    const method = { methodName: 'x', responseTimeoutInSeconds: 5 };
    const called = await askAsOwner(open, 'POST', `/twins/${id}/modules/none/methods`, { body: method });
    expect(called.headers['iothub-errorcode']).toBe('ModuleNotFound');
  });

  test('answers 401 to a service client that names a missing device, as a live hub did in 2026', async () => {
    expect((await askAsOwner(open, 'GET', '/devices/none/modules/motor')).status).toBe(401);
    expect((await askAsOwner(open, 'GET', '/devices/none/modules')).status).toBe(401);
  });

  test.each([
    ['a slash', 'a%2Fb'],
    ['a space', 'a%20b'],
    ['129 characters', 'm'.repeat(129)],
  ])('refuses a module ID with %s', async (_name, moduleId) => {
    const { id } = await pair();
    expect((await askAsOwner(open, 'PUT', `/devices/${id}/modules/${moduleId}`, { body: {} })).status).toBe(400);
  });

  test('reads a device ID with an encoded slash as a device and not as a module', async () => {
    const { id } = await pair();
    expect((await askAsOwner(open, 'GET', `/devices/${id}%2Fmotor`)).status).toBe(400);
    expect((await askAsOwner(open, 'GET', `/twins/${id}%2Fmotor`)).status).toBe(400);
  });

  test('has at most 50 modules for a device', async () => {
    const id = `dev-${++count}`;
    await createDevice(open, id);
    for (let at = 0; at < 50; at++) await createModule(id, `m${at}`);
    const last = await askAsOwner(open, 'PUT', `/devices/${id}/modules/m50`, { body: {} });
    expect(last).toMatchObject({ status: 413, body: { errorCode: 413003 } });
  });

  test('deletes the modules of a deleted device, and lists of devices contain no modules', async () => {
    const { id } = await pair();
    const devices = (await askAsOwner(open, 'GET', '/devices')).body as unknown as { deviceId: string }[];
    expect(devices.filter(({ deviceId }) => deviceId.startsWith(id))).toHaveLength(1);
    await askAsOwner(open, 'DELETE', `/devices/${id}`, { headers: { 'If-Match': '*' } });
    await createDevice(open, id);
    expect((await askAsOwner(open, 'GET', `/devices/${id}/modules`)).body).toEqual([]);
    expect((await askAsOwner(open, 'GET', `/twins/${id}/modules/motor`)).status).toBe(404);
  });

  test('keeps modules and their twins in a snapshot', async () => {
    const { id, key } = await pair();
    await askAsOwner(open, 'PATCH', `/twins/${id}/modules/motor`, { body: { tags: { site: 'Ulm' } } });
    const again = await openCloud({ saved: open.cloud.snapshot() });
    try {
      const read = await askAsOwner(again, 'GET', `/devices/${id}/modules/motor`);
      expect(keyIn(read.body)).toBe(key.toString('base64'));
      expect((await askAsOwner(again, 'GET', `/twins/${id}/modules/motor`)).body).toMatchObject({
        tags: { site: 'Ulm' },
      });
    } finally {
      await again.cloud.close();
    }
  });
});

describe('a module over MQTT', () => {
  test('connects under the client ID device/module, beside its device', async () => {
    const { id, deviceKey, key } = await pair();
    const device = await dial({
      clientId: id,
      username: `${hub}/${id}/?api-version=2021-04-12`,
      password: hubToken(deviceKey, hub, id),
    });
    expect(device.code).toBe(0);
    await connectModule(id, key);
    const state = async (path: string) => (await askAsOwner(open, 'GET', path)).body?.['connectionState'];
    expect(await state(`/devices/${id}/modules/motor`)).toBe('Connected');
    expect(await state(`/twins/${id}/modules/motor`)).toBe('Connected');
    expect(await state(`/devices/${id}`)).toBe('Connected');
    expect(await device.client.flush()).toEqual([]);
  });

  test('is refused with a token for its device, with the key of its device, and under another client ID', async () => {
    const { id, deviceKey, key } = await pair();
    const user = { clientId: `${id}/motor`, username: `${hub}/${id}/motor/?api-version=2021-04-12` };
    expect((await dial({ ...user, password: hubToken(key, hub, id) })).code).toBe(5);
    expect((await dial({ ...user, password: tokenOf(deviceKey, id) })).code).toBe(5);
    expect((await dial({ ...user, clientId: id, password: tokenOf(key, id) })).code).toBe(5);
    const device = { clientId: id, username: `${hub}/${id}/?api-version=2021-04-12` };
    expect((await dial({ ...device, password: tokenOf(key, id) })).code).toBe(5);
    expect((await dial({ ...device, password: tokenOf(deviceKey, id) })).code).toBe(5);
  });

  test('connects with a certificate whose common name is device/module', async () => {
    const id = `dev-${++count}`;
    await createDevice(open, id);
    await createModule(id, 'motor', { authentication: { type: 'certificateAuthority' } });
    const ca = await mint('modules-ca', { ca: {} });
    open.cloud.operator.putHubAuthority(hub, ca.der);
    const user = { clientId: `${id}/motor`, username: `${hub}/${id}/motor/?api-version=2021-04-12` };
    for (const [name, code] of [
      [`${id}/motor`, 0],
      [id, 5],
    ] as const) {
      const leaf = await mint(name, { issuer: ca });
      const client = await RawMqtt.open(open.cloud, shows(leaf));
      connections.push(client);
      expect(await client.connect(user)).toBe(code);
    }
  });

  test('is refused while its device is disabled, and is disconnected when its device becomes disabled', async () => {
    const { id, key } = await pair();
    const module = await connectModule(id, key);
    open.cloud.operator.setHubIdentityStatus(hub, id, 'disabled');
    expect(await module.next()).toEqual({ kind: 'closed' });
    const fields = { clientId: `${id}/motor`, username: `${hub}/${id}/motor/?api-version=2021-04-12` };
    expect((await dial({ ...fields, password: tokenOf(key, id) })).code).toBe(5);
  });

  test('sends telemetry to its own topic, and to no other topic', async () => {
    const { id, key } = await pair();
    const module = await connectModule(id, key);
    module.send(publishPacket(`devices/${id}/modules/motor/messages/events/%24.on=temperature&a=1`, '{}', 1));
    expect((await module.next()).kind).toBe('puback');
    const before = open.cloud.operator.hubView(hub, 0)?.telemetry ?? 0;
    module.send(publishPacket(`devices/${id}/messages/events/`, '{}', 1));
    expect(await module.next()).toEqual({ kind: 'closed' });
    expect(open.cloud.operator.hubView(hub, 0)?.telemetry).toBe(before);
  });

  test('subscribes to the filters of SDKs and of the documentation, and to no filter of its device', async () => {
    const { id, key } = await pair();
    const module = await connectModule(id, key);
    const own = `devices/${id}/modules/motor`;
    expect(await subscribe(module, `${own}/#`, `${own}/inputs/#`)).toEqual([1, 1]);
    const others = [
      'devices/+/messages/devicebound/#',
      `devices/${id}/messages/devicebound/#`,
      '$iothub/credentials/res/#',
    ];
    expect(await subscribe(module, `devices/${id}/modules/other/#`, ...others)).toEqual([128, 128, 128, 128]);
  });

  test('has its own twin: reads it, reports, and gets changes of desired properties', async () => {
    const { id, key } = await pair();
    const module = await connectModule(id, key);
    await subscribe(module, '$iothub/twin/res/#', '$iothub/twin/PATCH/properties/desired/#');
    module.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=1', '{"speed":3}', 0));
    expect((await nextMessage(module)).topic).toBe('$iothub/twin/res/204/?$rid=1&$version=2');
    const patch = { properties: { desired: { limit: 7 } } };
    const written = await askAsOwner(open, 'PATCH', `/twins/${id}/modules/motor`, { body: patch });
    expect(written.body).toMatchObject({ deviceId: id, moduleId: 'motor', properties: { reported: { speed: 3 } } });
    expect(JSON.parse((await nextMessage(module)).text)).toEqual({ limit: 7, $version: 2 });
    module.send(publishPacket('$iothub/twin/GET/?$rid=2', '', 0));
    expect(JSON.parse((await nextMessage(module)).text)).toMatchObject({
      desired: { limit: 7 },
      reported: { speed: 3 },
    });
    expect((await askAsOwner(open, 'GET', `/twins/${id}`)).body).toMatchObject({
      properties: { reported: { $version: 1 } },
    });
    const query = { query: `SELECT * FROM devices.modules WHERE deviceId = '${id}' AND properties.reported.speed = 3` };
    expect((await askAsOwner(open, 'POST', '/devices/query', { body: query })).body).toMatchObject([
      { moduleId: 'motor' },
    ]);
    const devices = { query: `SELECT * FROM devices WHERE deviceId = '${id}'` };
    expect((await askAsOwner(open, 'POST', '/devices/query', { body: devices })).body).toHaveLength(1);
  });

  test('answers direct methods', async () => {
    const { id, key } = await pair();
    const module = await connectModule(id, key);
    await subscribe(module, '$iothub/methods/POST/#');
    const body = { methodName: 'stop', payload: { now: true }, responseTimeoutInSeconds: 5 };
    const answer = askAsOwner(open, 'POST', `/twins/${id}/modules/motor/methods`, { body });
    const call = await nextMessage(module);
    expect(call.topic).toMatch(/^\$iothub\/methods\/POST\/stop\/\?\$rid=/);
    module.send(publishPacket(`$iothub/methods/res/200/?$rid=${call.topic.split('$rid=')[1]}`, '{"done":1}', 0));
    expect((await answer).body).toEqual({ status: 200, payload: { done: 1 } });
    const toDevice = await askAsOwner(open, 'POST', `/twins/${id}/methods`, { body });
    expect(toDevice.status).toBe(404);
  });
});

describe('a hub whose settings forbid keys', () => {
  const dialAt = async (at: OpenCloud, fields: ConnectFields): Promise<number | 'closed'> => {
    const client = await RawMqtt.open(at.cloud);
    connections.push(client);
    return client.connect(fields);
  };

  test.each([
    ['disableModuleSAS', 0, 5],
    ['disableDeviceSAS', 5, 0],
  ] as const)(
    'with `%s` answers the key of a device with CONNACK %i, and the key of a module with CONNACK %i',
    async (word, ofDevice, ofModule) => {
      const at = await openCloud({ hubs: [{ host: hub, [word]: true }] });
      try {
        const deviceKey = await createDevice(at, 'dev');
        const { body } = await askAsOwner(at, 'PUT', '/devices/dev/modules/motor', { body: {} });
        const key = Buffer.from(keyIn(body) ?? '', 'base64');
        const user = `${hub}/dev/?api-version=2021-04-12`;
        expect(await dialAt(at, { clientId: 'dev', username: user, password: hubToken(deviceKey, hub, 'dev') })).toBe(
          ofDevice,
        );
        const moduleUser = `${hub}/dev/motor/?api-version=2021-04-12`;
        expect(await dialAt(at, { clientId: 'dev/motor', username: moduleUser, password: tokenOf(key, 'dev') })).toBe(
          ofModule,
        );
        const refused = at.decisions().filter((each) => each.checks.some((check) => !check.passed));
        expect(refused.at(-1)?.checks.at(-1)).toMatchObject({
          check: 'hub-credential-type-matches',
          expected: `no key, because of ${word} of the hub`,
          found: 'sas',
        });
      } finally {
        await at.cloud.close();
      }
    },
  );
});
