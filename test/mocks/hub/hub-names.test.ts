import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { hubNamesOf } from '../../../core/wire/hub-names.ts';
import { dpsToken, hubToken, individual, serviceToken, symmetricKeys } from '../clients/credentials.ts';
import { poll, register } from '../clients/device-wire.ts';
import { askHub, createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { RawMqtt } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
const names = hubNamesOf(hub);
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  key = await createDevice(open, 'dev');
});
afterAll(() => open.cloud.close());

test('the three host names of a hub have the form that the page iot-hub-devguide-endpoints documents', () => {
  expect(names).toEqual({
    classic: 'hub-eu.azure-devices.net',
    device: 'hub-eu.device.azure-devices.net',
    service: 'hub-eu.service.azure-devices.net',
  });
});

async function connect(host: string, audience: string): Promise<number | 'closed'> {
  const device = await RawMqtt.open(open.cloud);
  const username = `${host}/dev/?api-version=2021-04-12`;
  const code = await device.connect({ clientId: 'dev', username, password: hubToken(key, audience, 'dev') });
  device.close();
  return code;
}

describe.each(Object.values(names))('a hub at its host name %s', (host) => {
  test('accepts devices over MQTT, with a token for any host name of the hub', async () => {
    for (const audience of Object.values(names)) expect(await connect(host, audience)).toBe(0);
    expect(await connect(host, 'hub-us.device.azure-devices.net')).toBe(5);
  });

  test('serves its API, with a token for any host name of the hub', async () => {
    for (const audience of [...Object.values(names), `${host}/devices/dev`]) {
      const headers = { Authorization: serviceToken(ownerOf(open), audience) };
      expect((await askHub(open, { path: '/devices/dev', headers }, host)).status).toBe(200);
    }
    const headers = { Authorization: serviceToken(ownerOf(open), 'hub-us.service.azure-devices.net') };
    expect((await askHub(open, { path: '/devices/dev', headers }, host)).status).toBe(401);
  });
});

test('the device host name of a hub that does not exist is refused', async () => {
  expect(await connect('hub-xx.device.azure-devices.net', hub)).toBe(3);
});

test('a device has only one connection, even if it uses two host names of its hub', async () => {
  const [first, second] = [await RawMqtt.open(open.cloud), await RawMqtt.open(open.cloud)];
  for (const [device, host] of [
    [first, names.classic],
    [second, names.device],
  ] as const) {
    const username = `${host}/dev/?api-version=2021-04-12`;
    expect(await device.connect({ clientId: 'dev', username, password: hubToken(key, host, 'dev') })).toBe(0);
  }
  expect(await first.next()).toEqual({ kind: 'closed' });
  second.close();
});

test.each([
  ['classic', names.classic],
  ['device', names.device],
] as const)('DPS returns the name that the switch `assignedHub` selects: %s', async (assignedHub, expected) => {
  const keys = symmetricKeys();
  const lab = await openCloud({ assignmentMs: 0, hubs: [hub], fidelity: { ...defaultFidelity, assignedHub } });
  lab.cloud.operator.putEnrollment(individual('dev', keys));
  const shown = { token: dpsToken(keys.primaryKey, 'dev') };
  const accepted = await register(lab.cloud, 'dev', shown);
  const done = await poll(lab.cloud, 'dev', accepted.body?.['operationId'], shown);
  expect(done.body?.['registrationState']).toMatchObject({ assignedHub: expected });
  await lab.cloud.close();
});
