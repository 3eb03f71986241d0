import { done } from '../../core/result.ts';
import { once } from 'node:events';
import device from 'azure-iot-device';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, sendTelemetry } from './clients.ts';
import { openDevice, openHttpDevice, openRegistry, openServiceClient, updateReported } from './hub-clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';
import { countEachAs } from './sdk-row.ts';

describe('the Node SDKs of IoT Hub', () => {
  countEachAs('Node hub service SDK', 'https', 'policy');
  let lab: Lab;
  const clients: device.Client[] = [];

  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await lab.close();
  });

  const keyOf = async (deviceId: string): Promise<string> => {
    const { responseBody } = await openRegistry(lab).create({ deviceId });
    return responseBody.authentication?.symmetricKey?.primaryKey ?? '';
  };
  const connect = async (deviceId: string, key: string): Promise<device.Client> => {
    const client = await openDevice(lab, deviceId, key);
    clients.push(client);
    return client;
  };

  test('create, read, update, list, count and delete devices', async () => {
    const registry = openRegistry(lab);
    const created = await registry.create({ deviceId: 'pump', status: 'disabled', statusReason: 'in stock' });
    expect(created.responseBody).toMatchObject({
      deviceId: 'pump',
      status: 'disabled',
      statusReason: 'in stock',
      connectionState: 'Disconnected',
      authentication: { type: 'sas' },
      capabilities: { iotEdge: false },
    });
    expect((await failureOf(registry.create({ deviceId: 'pump' }))).name).toBe('DeviceAlreadyExistsError');
    const updated = await registry.update(Object.assign(created.responseBody, { status: 'enabled' as const }));
    expect(updated.responseBody).toMatchObject({ status: 'enabled', generationId: created.responseBody.generationId });
    expect((await registry.get('pump')).responseBody.etag).toBe(updated.responseBody.etag);
    expect((await registry.list()).responseBody.map(({ deviceId }) => deviceId)).toContain('pump');
    expect((await registry.getRegistryStatistics()).responseBody).toMatchObject({ disabledDeviceCount: 0 });
    await registry.delete('pump');
    expect((await failureOf(registry.get('pump'))).name).toBe('DeviceNotFoundError');
    expect((await failureOf(registry.delete('pump'))).name).toBe('DeviceNotFoundError');
  });

  test('create, update and delete devices in bulk', async () => {
    const registry = openRegistry(lab);
    const names = ['bulk-1', 'bulk-2', 'bulk-3'].map((deviceId) => ({ deviceId }));
    expect((await registry.addDevices(names)).responseBody).toMatchObject({ isSuccessful: true, errors: [] });
    const again = await failureOf(registry.addDevices(names.slice(0, 1)));
    expect(again).toMatchObject({
      name: 'ArgumentError',
      said: { errors: [{ deviceId: 'bulk-1', errorCode: 409_001 }] },
    });
    const removed = await registry.removeDevices(
      names.map((each) => ({ ...each, etag: '' })),
      true,
    );
    expect(removed.responseBody).toMatchObject({ isSuccessful: true });
  });

  test('report an error of the registry for a wrong key', async () => {
    const text = `HostName=${hub};SharedAccessKeyName=iothubowner;SharedAccessKey=${Buffer.alloc(32).toString('base64')}`;
    expect((await failureOf(openRegistry(lab, text).get('pump'))).name).toBe('UnauthorizedError');
    expect(lab.lastRefusal()).toBe('hub-token-signature-matches');
  });

  test('read the result of a query page by page', async () => {
    const registry = openRegistry(lab);
    for (const deviceId of ['q-1', 'q-2', 'q-3']) {
      await registry.create({ deviceId });
      await registry.updateTwin(deviceId, { tags: { site: 'Ulm' } }, '*');
    }
    const query = registry.createQuery("SELECT * FROM devices WHERE tags.site = 'Ulm'", 2);
    const pages: string[][] = [];
    while (query.hasMoreResults) {
      const { result } = await query.nextAsTwin();
      pages.push(result.map((twin) => twin.deviceId));
    }
    expect(pages).toEqual([['q-1', 'q-2'], ['q-3']]);
    const broken = registry.createQuery('SELECT *');
    expect((await failureOf(broken.next())).name).toBe('ArgumentError');
  });

  test('write a twin as device and as service, and each side reads the values that the other side wrote', async () => {
    const registry = openRegistry(lab);
    const client = await connect('twin', await keyOf('twin'));
    const twin = await client.getTwin();
    expect(twin.properties.desired).toMatchObject({ $version: 1 });

    const changed = new Promise<unknown>((resolve) => {
      twin.on('properties.desired', (patch: { readonly rate?: number }) => {
        if (patch.rate !== undefined) resolve(patch);
      });
    });
    // The SDK subscribes when the first listener for changes is added, and does not report when the subscription is complete.
    await expect.poll(() => lab.subscriptions('twin')).toContain('$iothub/twin/PATCH/properties/desired/#');
    const { responseBody } = await registry.getTwin('twin');
    await responseBody.update({ properties: { desired: { rate: 5 } }, tags: { site: 'Ulm' } });
    expect(await changed).toEqual({ rate: 5, $version: 2 });

    await updateReported(twin, { firmware: '1.2', rate: 5 });
    expect((await registry.getTwin('twin')).responseBody.properties).toMatchObject({
      desired: { rate: 5, $version: 2 },
      reported: { firmware: '1.2', rate: 5, $version: 2 },
    });
    const tooDeep = JSON.parse('{"a":'.repeat(12) + '1' + '}'.repeat(12)) as object;
    expect((await failureOf(updateReported(twin, tooDeep))).message).toContain('nested deeper');
  });

  test('answer a direct method, and report an error for a method if no device is connected', async () => {
    const service = openServiceClient(lab);
    const client = await connect('valve', await keyOf('valve'));
    const missing = await failureOf(service.invokeDeviceMethod('valve', { methodName: 'open' }));
    expect(missing.said).toMatchObject({ Message: expect.stringContaining('404103') as unknown });
    client.onDeviceMethod('open', (request, response) => {
      void response.send(200, { opened: (request.payload as { readonly by: number }).by });
    });
    await expect.poll(() => lab.subscriptions('valve')).toContain('$iothub/methods/POST/#');
    const { result } = await service.invokeDeviceMethod('valve', { methodName: 'open', payload: { by: 30 } });
    expect(result).toEqual({ status: 200, payload: { opened: 30 } });
    expect((await failureOf(service.invokeDeviceMethod('ghost', { methodName: 'open' }))).name).toBe(
      'DeviceNotFoundError',
    );
  });

  test('deliver messages to a device over MQTT, including messages that were sent while the device was offline', async () => {
    const key = await keyOf('radio');
    const { operator } = lab.cloud;
    const send = (text: string) =>
      operator.sendToDevice(hub, 'radio', { body: Buffer.from(text), messageId: text, properties: { 'a/b': 'c&d' } });
    const first = await connect('radio', key);
    const heard: string[] = [];
    const listen = (client: device.Client): Promise<device.Message> =>
      new Promise((resolve) => {
        client.on('message', (message: device.Message) => {
          heard.push(textOf(message));
          client.complete(message, () => resolve(message));
        });
      });
    const one = listen(first);
    expect(send('one')).toEqual(done);
    expect(await one).toMatchObject({ messageId: 'one' });
    expect((await one).properties.getValue('a/b')).toBe('c&d');
    await first.close();
    expect(send('two')).toEqual(done);
    const two = listen(await connect('radio', key));
    expect(await two).toMatchObject({ messageId: 'two' });
    expect(heard).toEqual(['one', 'two']);
  });

  test('send, receive and settle messages over HTTPS', async () => {
    const key = await keyOf('meter');
    const client = openHttpDevice(lab, 'meter', key);
    const message = new device.Message('{"kwh":3}');
    message.properties.add('unit', 'kWh');
    await client.sendEvent(message);
    await client.sendEventBatch([new device.Message('a'), new device.Message('b')]);
    lab.cloud.operator.sendToDevice(hub, 'meter', { body: Buffer.from('read'), messageId: 'm-1' });
    const [received] = (await once(client, 'message')) as [device.Message];
    expect(received.messageId).toBe('m-1');
    expect(textOf(received)).toBe('read');
    await client.abandon(received);
    await client.close();
    const again = openHttpDevice(lab, 'meter', key);
    const [second] = (await once(again, 'message')) as [device.Message];
    expect(second.messageId).toBe('m-1');
    await again.complete(second);
    expect((await openRegistry(lab).get('meter')).responseBody.cloudToDeviceMessageCount).toBe(0);
    await again.close();
    const stranger = openHttpDevice(lab, 'meter', Buffer.alloc(32).toString('base64'));
    expect((await failureOf(stranger.sendEvent(new device.Message('forged')))).name).toBe('UnauthorizedError');
  });

  test('report that a device is disconnected and then refused after its identity is deleted', async () => {
    const key = await keyOf('gone');
    const client = await connect('gone', key);
    await client.sendEvent(new device.Message('{}'));
    const registry = openRegistry(lab);
    expect((await registry.get('gone')).responseBody.connectionState).toBe('Connected');
    const left = once(client, 'disconnect');
    await registry.delete('gone');
    await left;
    expect((await failureOf(openDevice(lab, 'gone', key))).name).toBe('UnauthorizedError');
  });

  test('connect a device with a certificate of a CA of the hub', async () => {
    const ca = await mintNow('hub-ca', undefined, {});
    lab.cloud.operator.putHubAuthority(hub, ca.der);
    const authentication = { type: 'certificateAuthority' } as const;
    await openRegistry(lab).create({ deviceId: 'issued', authentication });
    const leaf = await mintNow('issued', ca);
    await sendTelemetry(lab, 'issued', { cert: leaf.pem, privateKey: leaf.privateKeyPem });
    const alien = await mintNow('issued', await mintNow('other-ca', undefined, {}));
    const failure = await failureOf(sendTelemetry(lab, 'issued', { cert: alien.pem, privateKey: alien.privateKeyPem }));
    expect([failure.name, lab.lastRefusal()]).toEqual(['UnauthorizedError', 'hub-chain-trusted']);
  });
});

function textOf(message: device.Message): string {
  return Buffer.from(message.getBytes()).toString();
}
