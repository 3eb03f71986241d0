import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubToken } from '../clients/credentials.ts';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { connectPacket, publishPacket, RawMqtt, subscribePacket } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
const model = 'dtmi:com:example:Thermostat;1';
let open: OpenCloud;
let device: RawMqtt;

beforeAll(async () => {
  open = await openCloud();
  const key = await createDevice(open, 'thermo');
  device = await RawMqtt.open(open.cloud);
  device.send(
    connectPacket({
      clientId: 'thermo',
      username: `${hub}/thermo/?api-version=2021-04-12&model-id=${encodeURIComponent(model)}`,
      password: hubToken(key, hub, 'thermo'),
    }),
  );
  await device.next();
  device.send(subscribePacket(1, ['$iothub/methods/POST/#', 0], ['$iothub/twin/res/#', 0]));
  await device.next();
});
afterAll(async () => {
  device.close();
  await open.cloud.close();
});

const at = '2026-01-05T12:00:00.0000000Z';
const path = '/digitaltwins/thermo';

async function report(reported: object): Promise<void> {
  device.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=1', JSON.stringify(reported)));
  await device.next();
}

describe('a digital twin', () => {
  test('represents the device twin in the conventions of Plug and Play', async () => {
    await askAsOwner(open, 'PATCH', '/twins/thermo', {
      body: { properties: { desired: { thermostat1: { __t: 'c', targetTemperature: 21.8 } } } },
    });
    await report({
      serialNumber: 'a1',
      thermostat1: {
        __t: 'c',
        maxTemp: 25.3,
        targetTemperature: { value: 21.8, ac: 200, av: 2, ad: 'Successfully executed patch' },
      },
    });
    const answer = await askAsOwner(open, 'GET', path);
    expect(answer.headers['etag']).toMatch(/^"[\w+/]+=*"$/);
    expect(answer.body).toEqual({
      $dtId: 'thermo',
      serialNumber: 'a1',
      thermostat1: {
        maxTemp: 25.3,
        targetTemperature: 21.8,
        $metadata: {
          maxTemp: { lastUpdateTime: at },
          targetTemperature: {
            desiredValue: 21.8,
            desiredVersion: 2,
            ackVersion: 2,
            ackCode: 200,
            ackDescription: 'Successfully executed patch',
            lastUpdateTime: at,
          },
        },
      },
      $metadata: { $model: model, serialNumber: { lastUpdateTime: at } },
    });
  });

  test('can be patched by property, by component and by property of a component, with its ETag', async () => {
    const { headers } = await askAsOwner(open, 'GET', path);
    const body = [
      { op: 'add', path: '/interval', value: 5 },
      { op: 'replace', path: '/thermostat1/targetTemperature', value: 30 },
      { op: 'add', path: '/thermostat2', value: { targetTemperature: 7, $metadata: {} } },
    ];
    const patched = await askAsOwner(open, 'PATCH', path, { body, headers: { 'If-Match': String(headers['etag']) } });
    expect(patched).toMatchObject({ status: 202, text: '', headers: { location: `https://${hub}${path}` } });
    const late = await askAsOwner(open, 'PATCH', path, { body, headers: { 'If-Match': String(headers['etag']) } });
    expect(late.status).toBe(412);
    const { body: twin } = await askAsOwner(open, 'GET', '/twins/thermo');
    expect(twin).toMatchObject({
      properties: {
        desired: {
          interval: 5,
          thermostat1: { __t: 'c', targetTemperature: 30 },
          thermostat2: { __t: 'c', targetTemperature: 7 },
        },
      },
    });
    const { body: digital } = await askAsOwner(open, 'GET', path);
    expect(digital).toMatchObject({
      thermostat1: { targetTemperature: 21.8, $metadata: { targetTemperature: { desiredValue: 30 } } },
      $metadata: { interval: { desiredValue: 5 } },
    });
    expect(digital).not.toHaveProperty('interval');
    await askAsOwner(open, 'PATCH', path, { body: [{ op: 'remove', path: '/interval' }] });
    expect((await askAsOwner(open, 'GET', path)).body?.['$metadata']).not.toHaveProperty('interval');
  });

  test.each<[string, unknown, string]>([
    ['no list', {}, 'InvalidDigitalTwinJsonPatch'],
    ['an empty list', [], 'InvalidDigitalTwinJsonPatch'],
    ['an unknown operation', [{ op: 'move', path: '/a', from: '/b' }], 'InvalidDigitalTwinJsonPatch'],
    ['no value', [{ op: 'add', path: '/a' }], 'InvalidDigitalTwinJsonPatch'],
    ['a path without a slash', [{ op: 'add', path: 'a', value: 1 }], 'InvalidDigitalTwinPatchPath'],
    ['a path into a value', [{ op: 'add', path: '/a/b/c', value: 1 }], 'InvalidDigitalTwinPatchPath'],
    ['the path of metadata', [{ op: 'add', path: '/$metadata', value: 1 }], 'InvalidDigitalTwinPatchPath'],
  ])('refuses a patch with %s', async (_name, body, name) => {
    expect(await askAsOwner(open, 'PATCH', path, { body })).toMatchObject({
      status: 400,
      headers: { 'iothub-errorcode': name },
    });
  });

  test('of a device without a model ID has an empty model ID', async () => {
    await createDevice(open, 'plain');
    const { body } = await askAsOwner(open, 'GET', '/digitaltwins/plain');
    expect(body).toEqual({ $dtId: 'plain', $metadata: { $model: '' } });
  });

  test('of an unknown device is answered with 404', async () => {
    for (const method of ['GET', 'PATCH']) {
      const answer = await askAsOwner(open, method, '/digitaltwins/nobody', method === 'PATCH' ? { body: [] } : {});
      expect(answer).toMatchObject({ status: 404, headers: { 'iothub-errorcode': 'DeviceNotFound' } });
    }
  });
});

describe('a Plug and Play command', () => {
  test.each([
    ['of the device', 'commands/reboot', 'reboot'],
    ['of a component', 'components/thermostat1/commands/getReport', 'thermostat1*getReport'],
  ])('%s is sent as a direct method', async (_name, place, methodName) => {
    const asked = askAsOwner(open, 'POST', `${path}/${place}?responseTimeoutInSeconds=5`, { body: { in: 3 } });
    const call = await device.next();
    if (call.kind !== 'publish') throw new Error(`expected a method call, got ${call.kind}`);
    expect(call.topic).toContain(`$iothub/methods/POST/${methodName}/?$rid=`);
    expect(JSON.parse(call.text)).toEqual({ in: 3 });
    const rid = /\$rid=(.+)$/.exec(call.topic)?.[1] ?? '';
    device.send(publishPacket(`$iothub/methods/res/201/?$rid=${rid}`, '{"done":true}'));
    expect(await asked).toMatchObject({
      status: 200,
      body: { done: true },
      headers: { 'x-ms-command-statuscode': '201', 'x-ms-request-id': expect.any(String) as string },
    });
  });

  test('to an offline device, or with an invalid timeout, is refused', async () => {
    await createDevice(open, 'away');
    expect(await askAsOwner(open, 'POST', '/digitaltwins/away/commands/reboot')).toMatchObject({
      status: 404,
      headers: { 'iothub-errorcode': 'DeviceNotOnline' },
    });
    expect(await askAsOwner(open, 'POST', `${path}/commands/reboot?responseTimeoutInSeconds=1`)).toMatchObject({
      status: 400,
    });
  });
});
