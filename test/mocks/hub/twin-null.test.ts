import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawMqtt } from '../clients/raw-mqtt.ts';
import { connectDevice, nextMessage, subscribe } from './mqtt-device.ts';

let open: OpenCloud;
let device: RawMqtt;
let count = 0;

beforeAll(async () => {
  open = await openCloud();
});
afterAll(() => open.cloud.close());
beforeEach(async () => {
  const id = `dev-${++count}`;
  device = await connectDevice(open, id, await createDevice(open, id));
  await subscribe(device, '$iothub/twin/PATCH/properties/desired/#');
  const body = { tags: { site: 'Ulm' }, properties: { desired: { rate: 5, net: { ip: '1' } } } };
  expect((await patch(body)).status).toBe(200);
  await nextMessage(device);
});
afterEach(() => device.close());

const patch = (body: object, method = 'PATCH') => askAsOwner(open, method, `/twins/dev-${count}`, { body });
const sections = async () => {
  const { body } = await askAsOwner(open, 'GET', `/twins/dev-${count}`);
  return { version: body?.['version'], tags: body?.['tags'], ...(body?.['properties'] as object) };
};

test('a patch with null as desired properties clears the desired properties and notifies the device', async () => {
  const answer = await patch({ properties: { desired: null } });
  expect(answer.status).toBe(200);
  const cleared = { $version: 3, $metadata: { $lastUpdatedVersion: 3 } };
  expect(answer.body?.['properties']).toMatchObject({ desired: cleared });
  expect(await sections()).toMatchObject({ desired: cleared, tags: { site: 'Ulm' } });
  expect(await sections()).toHaveProperty('desired.$metadata', {
    $lastUpdated: expect.any(String) as string,
    $lastUpdatedVersion: 3,
  });
  const told = await nextMessage(device);
  expect(told.topic).toBe('$iothub/twin/PATCH/properties/desired/?$version=3');
  expect(JSON.parse(told.text)).toEqual({ rate: null, net: null, $version: 3 });
  await patch({ properties: { desired: null } });
  expect(JSON.parse((await nextMessage(device)).text)).toEqual({ $version: 4 });
});

test('a patch with null as tags clears the tags without notifying the device', async () => {
  const before = await sections();
  expect((await patch({ tags: null })).body).toMatchObject({ tags: {} });
  expect(await sections()).toEqual({ ...before, tags: {}, version: Number(before.version) + 1 });
  expect(await device.flush()).toEqual([]);
});

test('a PUT with null as tags and desired properties clears both', async () => {
  await patch({ tags: null, properties: { desired: null } }, 'PUT');
  expect(await sections()).toMatchObject({ tags: {}, desired: { $version: 3 } });
  expect(JSON.parse((await nextMessage(device)).text)).toEqual({ rate: null, net: null, $version: 3 });
});
