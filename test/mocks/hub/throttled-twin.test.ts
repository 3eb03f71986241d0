import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevice } from '../clients/hub-http.ts';
import { noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { publishPacket } from '../clients/raw-mqtt.ts';
import { connectDevice, nextMessage, subscribe } from './mqtt-device.ts';

let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud();
});
afterAll(() => open.cloud.close());

test('a throttled device gets the status 429 in the topic of the answer to a twin request, until the fault ends', async () => {
  const device = await connectDevice(open, 'dev', await createDevice(open, 'dev'));
  await subscribe(device, '$iothub/twin/res/#');
  const fault = 'AzIoTHub_FaultOperationType=InvokeThrottling&AzIoTHub_FaultOperationDurationInSecs=30';
  device.send(publishPacket(`devices/dev/messages/events/${fault}`, '{}', 1, 7));
  expect((await device.next()).kind).toBe('puback');
  device.send(publishPacket('$iothub/twin/GET/?$rid=1', '', 0));
  const read = await nextMessage(device);
  expect(read.topic).toBe('$iothub/twin/res/429/?$rid=1');
  expect(JSON.parse(read.text)).toMatchObject({ errorCode: 429001 });
  device.send(publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=2', '{"a":1}', 0));
  expect((await nextMessage(device)).topic).toBe('$iothub/twin/res/429/?$rid=2');
  open.clock.set(noon + 30_000);
  device.send(publishPacket('$iothub/twin/GET/?$rid=3', '', 0));
  expect((await nextMessage(device)).topic).toBe('$iothub/twin/res/200/?$rid=3');
  device.close();
});
