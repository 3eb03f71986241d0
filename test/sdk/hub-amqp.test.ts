import { once } from 'node:events';
import device from 'azure-iot-device';
import iothub from 'azure-iothub';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Minted } from '../../core/x509/mint/mint.ts';
import { failureOf } from './clients.ts';
import {
  openAmqpDevice,
  openAmqpServiceClient,
  openDevice,
  openRegistry,
  openServiceClient,
  type AmqpCredential,
  updateReported,
} from './hub-clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';
import { countEachAs } from './sdk-row.ts';

let lab: Lab;
let ca: Minted;
let count = 0;
const clients: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  lab = await openLab();
  ca = await mintNow('hub-ca', undefined, {});
  lab.cloud.operator.putHubAuthority(hub, ca.der);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => lab.close());

async function keyDevice(deviceId: string): Promise<AmqpCredential & { readonly key: string }> {
  const { responseBody } = await openRegistry(lab).create({ deviceId });
  return { key: responseBody.authentication?.symmetricKey?.primaryKey ?? '' };
}

async function certificateDevice(deviceId: string): Promise<AmqpCredential> {
  await openRegistry(lab).create({ deviceId, authentication: { type: 'certificateAuthority' } });
  const leaf = await mintNow(deviceId, ca);
  return { cert: leaf.pem, privateKey: leaf.privateKeyPem };
}

async function connect(way: 'amqp' | 'amqp-ws', deviceId: string, credential: AmqpCredential): Promise<device.Client> {
  const client = await openAmqpDevice(lab, way, deviceId, credential);
  clients.push(client);
  return client;
}

async function serve(): Promise<iothub.Client> {
  const client = await openAmqpServiceClient(lab);
  clients.push(client);
  return client;
}

const newId = (): string => `dev-${++count}`;
const textOf = (message: device.Message): string => Buffer.from(message.getBytes()).toString();
const noteTo = (id: string, text: string, ack = 'full'): InstanceType<typeof device.Message> =>
  Object.assign(new device.Message(text), { messageId: id, ack });

describe.each([
  ['amqp', 'symmetric key', keyDevice],
  ['amqp', 'X.509', certificateDevice],
  ['amqp-ws', 'symmetric key', keyDevice],
  ['amqp-ws', 'X.509', certificateDevice],
] as const)('a device over %s with %s', (way, name, create) => {
  countEachAs('Node device SDK at the hub', way, name === 'X.509' ? 'certificate' : 'key');
  test('sends telemetry with properties', async () => {
    const id = newId();
    const client = await connect(way, id, await create(id));
    const message = new device.Message('{"t":21}');
    message.properties.add('colour', 'red & green');
    message.messageId = 'm-1';
    await client.sendEvent(message);
    expect(lab.messagesFrom(id)).toContain('SEND messages/events {"t":21} {colour=red & green}');
    expect((await openRegistry(lab).get(id)).responseBody.connectionState).toBe('Connected');
    await client.close();
    const state = async () => (await openRegistry(lab).get(id)).responseBody.connectionState;
    await expect.poll(state).toBe('Disconnected');
  });

  test('reads and writes its twin and receives changes', async () => {
    const id = newId();
    const client = await connect(way, id, await create(id));
    const twin = await client.getTwin();
    expect(twin.properties.desired).toMatchObject({ $version: 1 });
    const changed = new Promise<unknown>((resolve) => {
      twin.on('properties.desired', (patch: { readonly rate?: number }) => {
        if (patch.rate !== undefined) resolve(patch);
      });
    });
    await expect.poll(() => lab.messagesFrom(id)).toContain('SEND twin PUT /notifications/twin/properties/desired');
    const { responseBody } = await openRegistry(lab).getTwin(id);
    await responseBody.update({ properties: { desired: { rate: 5 } } });
    expect(await changed).toEqual({ rate: 5, $version: 2 });
    await updateReported(twin, { firmware: '1.2' });
    expect((await openRegistry(lab).getTwin(id)).responseBody.properties.reported).toMatchObject({
      firmware: '1.2',
      $version: 2,
    });
    const tooDeep = JSON.parse('{"a":'.repeat(12) + '1' + '}'.repeat(12)) as object;
    expect(await causeOf(updateReported(twin, tooDeep))).toBe('FormatError');
  });

  test('answers a direct method of the service', async () => {
    const id = newId();
    const service = openServiceClient(lab);
    const client = await connect(way, id, await create(id));
    client.onDeviceMethod('open', (request, response) => {
      void response.send(200, { opened: (request.payload as { readonly by: number }).by });
    });
    await expect.poll(() => lab.messagesFrom(id)).toContain('ATTACH from methods');
    const { result } = await service.invokeDeviceMethod(id, { methodName: 'open', payload: { by: 30 } });
    expect(result).toEqual({ status: 200, payload: { opened: 30 } });
    await client.close();
    await expect.poll(async () => (await openRegistry(lab).get(id)).responseBody.connectionState).toBe('Disconnected');
    const missing = await failureOf(service.invokeDeviceMethod(id, { methodName: 'open' }));
    expect(missing.said).toMatchObject({ Message: expect.stringContaining('404103') as unknown });
  });

  test('completes, rejects and abandons messages, and the sender gets feedback about them', async () => {
    const id = newId();
    const client = await connect(way, id, await create(id));
    const service = await serve();
    const feedback = await feedbackOf(service);
    const seen: string[] = [];
    client.on('message', (message: device.Message) => {
      seen.push(textOf(message));
      const text = textOf(message);
      const isSentBack = text === 'never' || (text === 'later' && seen.filter((each) => each === 'later').length < 3);
      void (isSentBack ? client.abandon(message) : text === 'bad' ? client.reject(message) : client.complete(message));
    });
    for (const text of ['good', 'bad', 'later', 'never']) await service.send(id, noteTo(`${id} ${text}`, text));
    await service.send(id, noteTo(`${id} quiet`, 'good', 'negative'));
    await service.send(id, noteTo(`${id} last`, 'good', 'positive'));
    const mine = () => feedback.filter(({ deviceId }) => deviceId === id);
    const fates = () => mine().map((record) => [record.originalMessageId.replace(`${id} `, ''), record.statusCode]);
    await expect.poll(() => fates().length).toBe(5);
    expect(Object.fromEntries(fates())).toEqual({
      good: 'Success',
      bad: 'Rejected',
      later: 'Success',
      never: 'DeliveryCountExceeded',
      last: 'Success',
    });
    expect(seen.filter((text) => text === 'never').length).toBe(10);
    expect((await openRegistry(lab).get(id)).responseBody.cloudToDeviceMessageCount).toBe(0);
  });
});

describe('a device over AMQP', () => {
  test('receives unchanged the messages that the service sent while the device was offline', async () => {
    const id = newId();
    const credential = await keyDevice(id);
    const service = await serve();
    const sent = noteTo('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'one', 'none');
    sent.properties.add('colour', 'red');
    sent.contentType = 'application/json';
    sent.correlationId = 'c-9';
    await service.send(id, sent);
    const client = await connect('amqp', id, credential);
    const message = await new Promise<device.Message>((resolve) => {
      client.on('message', resolve);
    });
    expect(message).toMatchObject({
      messageId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      correlationId: 'c-9',
      contentType: 'application/json',
      to: `/devices/${id}/messages/devicebound`,
    });
    expect([textOf(message), message.properties.getValue('colour')]).toEqual(['one', 'red']);
    await client.complete(message);
  });

  test('is disconnected when the same device connects again over AMQP or MQTT', async () => {
    const id = newId();
    const credential = await keyDevice(id);
    const first = await connect('amqp', id, credential);
    await first.sendEvent(new device.Message('one'));
    const firstLeft = once(first, 'disconnect');
    const second = await connect('amqp-ws', id, credential);
    await second.sendEvent(new device.Message('two'));
    await firstLeft;
    const secondLeft = once(second, 'disconnect');
    clients.push(await openDevice(lab, id, credential.key));
    await secondLeft;
  });

  test('is refused with the wrong key, and is refused if the hub does not know it', async () => {
    const id = newId();
    await keyDevice(id);
    const wrong = Buffer.alloc(32).toString('base64');
    expect((await failureOf(openAmqpDevice(lab, 'amqp', id, { key: wrong }))).name).toBe('UnauthorizedError');
    expect(lab.lastRefusal()).toBe('hub-token-signature-matches');
    expect((await failureOf(openAmqpDevice(lab, 'amqp-ws', 'ghost', { key: wrong }))).name).toBe('UnauthorizedError');
    expect(lab.lastRefusal()).toBe('hub-identity-found');
  });

  test('with a certificate of another CA is refused when it attaches its first link', async () => {
    const id = newId();
    await certificateDevice(id);
    const alien = await mintNow(id, await mintNow('other-ca', undefined, {}));
    const client = await connect('amqp', id, { cert: alien.pem, privateKey: alien.privateKeyPem });
    expect((await failureOf(client.sendEvent(new device.Message('forged')))).name).toBe('UnauthorizedError');
    expect(lab.lastRefusal()).toBe('hub-chain-trusted');
  });

  test.each([
    ['at once', '0'],
    ['after a second', '1'],
  ])(
    'sends a message that requests a disconnection, and the hub accepts the message before it disconnects the device %s',
    async (_when, delay) => {
      const id = newId();
      const client = await connect('amqp', id, await keyDevice(id));
      // This test waits for the callback of the message, and then for the end of the connection. The disabled e2e tests of the SDK do the
      // same.
      client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
      await client.sendEvent(new device.Message('{}'));
      const left = once(client, 'disconnect');
      const order = new device.Message('{}');
      order.properties.add('AzIoTHub_FaultOperationType', 'KillAmqpConnection');
      order.properties.add('AzIoTHub_FaultOperationCloseReason', ' severs the AMQP connection ');
      order.properties.add('AzIoTHub_FaultOperationDelayInSecs', delay);
      await client.sendEvent(order);
      await left;
    },
  );

  test('is disconnected when its identity is deleted', async () => {
    const id = newId();
    const credential = await keyDevice(id);
    const client = await connect('amqp', id, credential);
    await client.sendEvent(new device.Message('{}'));
    const left = once(client, 'disconnect');
    await openRegistry(lab).delete(id);
    await left;
    expect((await failureOf(openAmqpDevice(lab, 'amqp', id, credential))).name).toBe('UnauthorizedError');
  });
});

describe('the service client over AMQP', () => {
  countEachAs('Node hub service SDK', 'amqp', 'policy');
  test('gets errors for a missing device and for a full queue', async () => {
    const service = await serve();
    expect((await failureOf(service.send('ghost', noteTo('g', 'boo')))).name).toBe('DeviceNotFoundError');
    const id = newId();
    await keyDevice(id);
    for (let index = 0; index < 50; index++) await service.send(id, noteTo(String(index), 'x'));
    expect((await failureOf(service.send(id, noteTo('51', 'x')))).name).toBe('DeviceMaximumQueueDepthExceededError');
    const tooLarge = noteTo('large', 'x'.repeat(65 * 1024));
    expect((await failureOf(service.send(id, tooLarge))).name).toBe('MessageTooLargeError');
  });

  test('can subscribe to file notifications, although the hub sends none', async () => {
    const service = await serve();
    expect(await service.getFileNotificationReceiver()).toBeDefined();
  });

  test('is refused with a wrong key', async () => {
    const wrong = openAmqpServiceClient(lab, 'service', Buffer.alloc(32).toString('base64'));
    expect(await causeOf(wrong)).toBe('UnauthorizedError');
    expect(lab.lastRefusal()).toBe('hub-token-signature-matches');
  });
});

/** Returns the message of the inner error, because over AMQP the SDK wraps some of its errors twice. */
async function causeOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = (error as { readonly amqpError?: Error } | undefined)?.amqpError;
  return cause?.name ?? 'no cause';
}

interface FeedbackRecord {
  readonly originalMessageId: string;
  readonly deviceId: string;
  readonly statusCode: string;
}

async function feedbackOf(service: iothub.Client): Promise<FeedbackRecord[]> {
  const records: FeedbackRecord[] = [];
  const { result: receiver } = await service.getFeedbackReceiver();
  receiver.on('message', (message: device.Message) => {
    records.push(...(JSON.parse(textOf(message)) as FeedbackRecord[]));
  });
  return records;
}
