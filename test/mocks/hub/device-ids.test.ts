import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { hubToken, serviceToken, tokenFor } from '../clients/credentials.ts';
import { data, HubAmqpClient } from '../clients/hub-amqp-client.ts';
import { askAsOwner, askHub, createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { publishPacket } from '../clients/raw-mqtt.ts';
import { connectDevice, nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
let open: OpenCloud;
const keys = new Map<string, Buffer>();
const ids = ['n@m.et#st', 'a+b', 'a%2Fb', '50%', 'what?', "(x)!*',:=$;"];

beforeAll(async () => {
  open = await openCloud();
  for (const id of ids) keys.set(id, await createDevice(open, id));
});
afterAll(() => open.cloud.close());

const keyOf = (id: string): Buffer => keys.get(id) ?? Buffer.alloc(0);
const stateOf = async (id: string) =>
  (await askAsOwner(open, 'GET', `/devices/${encodeURIComponent(id)}`)).body?.['connectionState'];

describe.each(ids)('the device ID %s', (id) => {
  const inPath = encodeURIComponent(id);
  // Encodes the ID as the Python SDK of 2020 did and, if a topic can contain the ID, also leaves it unencoded as all other SDKs do.
  const topicForms = /[#+]/.test(id) ? [inPath] : [inPath, id];

  test.each(topicForms)('can be used in MQTT topics as %s: telemetry, messages, twin, methods', async (form) => {
    const device = await connectDevice(open, id, keyOf(id));
    const filters = [
      `devices/${form}/messages/devicebound/#`,
      '$iothub/methods/POST/#',
      '$iothub/twin/res/#',
      '$iothub/twin/PATCH/properties/desired/#',
    ];
    expect(await subscribe(device, ...filters)).toEqual([1, 1, 1, 1]);
    device.send(publishPacket(`devices/${form}/messages/events/a=b`, 'hot', 1, 7));
    expect((await device.next()).kind).toBe('puback');
    expect(open.cloud.operator.sendToDevice(hub, id, { body: Buffer.from('cold') })).toMatchObject({ ok: true });
    const message = await nextMessage(device);
    expect(message.text).toBe('cold');
    // The topic of a message must match the filter to which the device subscribed (MQTT-3.3.2-3).
    expect(message.topic.startsWith(`devices/${form}/messages/devicebound/`)).toBe(true);
    device.send(publishPacket('$iothub/twin/GET/?$rid=1', ''));
    expect((await nextMessage(device)).topic).toBe('$iothub/twin/res/200/?$rid=1');
    await askAsOwner(open, 'PATCH', `/twins/${inPath}`, { body: { properties: { desired: { rate: 1 } } } });
    expect(JSON.parse((await nextMessage(device)).text)).toMatchObject({ rate: 1 });
    const answered = askAsOwner(open, 'POST', `/twins/${inPath}/methods`, { body: { methodName: 'open' } });
    const { topic } = await nextMessage(device);
    device.send(publishPacket(topic.replace('POST/open', 'res/200'), '1'));
    expect(await answered).toMatchObject({ status: 200, body: { payload: 1 } });
    device.close();
    await expect.poll(() => stateOf(id)).toBe('Disconnected');
    await askAsOwner(open, 'DELETE', `/devices/${inPath}/commands`);
  });

  test('is percent-encoded in the topic of a message from the hub', async () => {
    const device = await connectDevice(open, id, keyOf(id));
    expect(await subscribe(device, 'devices/+/messages/devicebound/#')).toEqual([1]);
    open.cloud.operator.sendToDevice(hub, id, { body: Buffer.from('cold') });
    const { topic } = await nextMessage(device);
    const [, segment = ''] = topic.split('/');
    expect(segment).toBe(/[#+]/.test(id) ? inPath : id);
    device.close();
    await expect.poll(() => stateOf(id)).toBe('Disconnected');
    await askAsOwner(open, 'DELETE', `/devices/${inPath}/commands`);
  });

  test('may be percent-encoded in the user name and in the client ID, as users of Embedded C requested in 2020', async () => {
    const password = hubToken(keyOf(id), hub, encodeURIComponent(inPath));
    const username = `${hub}/${inPath}/?api-version=2020-09-30`;
    const device = await connectDevice(open, id, keyOf(id), { clientId: inPath, username, password });
    device.send(publishPacket(`devices/${inPath}/messages/events/`, 'hot', 1, 7));
    expect((await device.next()).kind).toBe('puback');
    expect(await stateOf(id)).toBe('Connected');
    device.close();
    await expect.poll(() => stateOf(id)).toBe('Disconnected');
  });

  test.each([
    ['once', encodeURIComponent(`${hub}/devices/${id}`)],
    ['twice, as the C# SDK and IoT Edge do', encodeURIComponent(`${hub}/devices/${inPath}`)],
    ['not at all', `${hub}/devices/${id}`],
  ])('is accepted in the audience of a token (percent-encoded: %s)', async (_name, sr) => {
    const request = { method: 'POST', path: `/devices/${inPath}/messages/events`, body: 'hot' };
    const token = tokenFor(keyOf(id), sr);
    expect((await askHub(open, { ...request, headers: { Authorization: token } })).status).toBe(204);
  });

  test.each([
    ['unencoded', id],
    ['encoded', inPath],
  ])('is accepted in AMQP addresses in the form: %s', async (_name, form) => {
    const client = await HubAmqpClient.open(open.cloud);
    expect(await client.putToken(`${hub}/devices/${form}`, hubToken(keyOf(id), hub, inPath))).toBe(200);
    const sender = await client.sender(`/devices/${form}/messages/events`);
    expect(await client.send(sender, { body: data('hot') })).toBe('accepted');
    client.close();
    const service = await HubAmqpClient.open(open.cloud);
    expect(await service.putToken(hub, serviceToken(ownerOf(open), hub))).toBe(200);
    const outbox = await service.sender('/messages/devicebound');
    const to = `/devices/${form}/messages/devicebound`;
    expect(await service.send(outbox, { to, body: data('cold') })).toBe('accepted');
    service.close();
    expect((await askAsOwner(open, 'DELETE', `/devices/${inPath}/commands`)).body).toMatchObject({
      totalMessagesPurged: 1,
    });
  });
});

describe('if `encodedDeviceIdInTopic` is `reject`', () => {
  test('a hub refuses telemetry and subscriptions whose topic has a percent-encoded device ID', async () => {
    const strict = await openCloud({ fidelity: { ...defaultFidelity, encodedDeviceIdInTopic: 'reject' } });
    const key = await createDevice(strict, 'a#b');
    const device = await connectDevice(strict, 'a#b', key);
    expect(await subscribe(device, 'devices/a%23b/messages/devicebound/#', 'devices/+/messages/devicebound/#')).toEqual(
      [128, 1],
    );
    device.send(publishPacket('devices/a%23b/messages/events/', 'hot', 1, 7));
    expect(await device.next()).toEqual({ kind: 'closed' });
    expect(strict.lastVerdict()).toBe('hub hub-request-well-formed');
    await strict.cloud.close();
  });
});
