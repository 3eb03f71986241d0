import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAsOwner, createDevice } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { brokerKeepAlive } from '../../../mocks/listeners/mqtt/hub/keep-alive.ts';
import { publishPacket, unsubscribePacket } from '../clients/raw-mqtt.ts';
import { connectDevice, nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
afterAll(() => open.cloud.close());

const sendToDevice = (text: string) => open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from(text) });
const patchDesired = (rate: number) =>
  askAsOwner(open, 'PATCH', '/twins/dev', { body: { properties: { desired: { rate } } } });

describe('a topic filter that published SDKs and samples use', () => {
  test.each([
    ['the documented filter', 'devices/dev/messages/devicebound/#'],
    ['the filter of Embedded C, FreeRTOS, Arduino and ESP', 'devices/+/messages/devicebound/#'],
  ])('is granted, and the device receives messages: %s', async (_name, filter) => {
    const device = await connectDevice(open, 'dev', key);
    expect(await subscribe(device, filter)).toEqual([1]);
    expect(sendToDevice('hot')).toMatchObject({ ok: true });
    const message = await nextMessage(device);
    expect(message).toMatchObject({ text: 'hot', qos: 1 });
    expect(message.topic).toMatch(/^devices\/dev\/messages\/devicebound\//);
    device.close();
    await askAsOwner(open, 'DELETE', '/devices/dev/commands');
  });

  test.each(['$iothub/methods/POST/#', '$iothub/methods/#'])(
    'is granted, and the device receives direct methods: %s',
    async (filter) => {
      const device = await connectDevice(open, 'dev', key);
      expect(await subscribe(device, filter)).toEqual([1]);
      const answered = askAsOwner(open, 'POST', '/twins/dev/methods', { body: { methodName: 'open' } });
      const { topic } = await nextMessage(device);
      expect(topic).toMatch(/^\$iothub\/methods\/POST\/open\/\?\$rid=/);
      device.send(publishPacket(topic.replace('POST/open', 'res/200'), '1'));
      expect(await answered).toMatchObject({ status: 200, body: { payload: 1 } });
      device.close();
    },
  );

  test.each([
    ['their own filters', ['$iothub/twin/res/#', '$iothub/twin/PATCH/properties/desired/#']],
    ["nanoFramework's one filter", ['$iothub/twin/#']],
    ['overlapping filters', ['$iothub/twin/#', '$iothub/twin/res/#']],
  ])('is granted, and the device receives each twin answer and change once: %s', async (_name, filters) => {
    const device = await connectDevice(open, 'dev', key);
    expect(await subscribe(device, ...filters)).toEqual(filters.map(() => 1));
    device.send(publishPacket('$iothub/twin/GET/?$rid=7', ''));
    expect((await nextMessage(device)).topic).toBe('$iothub/twin/res/200/?$rid=7');
    await patchDesired(filters.length);
    expect((await nextMessage(device)).topic).toMatch(/^\$iothub\/twin\/PATCH\/properties\/desired\/\?\$version=/);
    expect(await device.flush()).toEqual([]);
    device.close();
  });
});

test('a hub refuses the topic filters of another device, and refuses an unknown topic filter', async () => {
  const device = await connectDevice(open, 'dev', key);
  const filters = ['#', '+/+/messages/devicebound/#', 'devices/other/messages/devicebound/#', '$iothub/#', 'a/b'];
  expect(await subscribe(device, ...filters)).toEqual(filters.map(() => 128));
  sendToDevice('unheard');
  expect(await device.flush()).toEqual([]);
  device.close();
});

test.each([true, false])(
  'a hub grants five subscriptions at a time, and a sixth only after the device unsubscribes from a topic (clean session: %s)',
  async (clean) => {
    const id = `many-${String(clean)}`;
    const device = await connectDevice(open, id, await createDevice(open, id), { clean });
    const filters = [
      `devices/${id}/messages/devicebound/#`,
      'devices/+/messages/devicebound/#',
      '$iothub/methods/POST/#',
      '$iothub/twin/res/#',
      '$iothub/twin/PATCH/properties/desired/#',
      '$iothub/methods/#',
    ];
    expect(await subscribe(device, ...filters)).toEqual([1, 1, 1, 1, 1, 128]);
    expect(await subscribe(device, ...filters.slice(0, 2))).toEqual([1, 1]);
    device.send(unsubscribePacket(2, 'devices/+/messages/devicebound/#'));
    expect((await device.next()).kind).toBe('unsuback');
    expect(await subscribe(device, '$iothub/methods/#', '$iothub/twin/#')).toEqual([1, 128]);
    device.close();
  },
);

test.each([
  [0, 0],
  [60, 60],
  [1177, 1177],
  [1178, 1178],
  [1767, 1178],
  [65_535, 1178],
])(
  'if a client requests a keep-alive of %i s, the hub uses %i s, so it waits at most 1767 s for a silent client',
  (named, kept) => {
    expect(brokerKeepAlive(named)).toBe(kept);
  },
);
