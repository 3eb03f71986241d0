import { randomBytes } from 'node:crypto';
import device from 'azure-iot-device';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../clients.ts';
import { openModule, openRegistry, openServiceClient, updateReported, type ModuleTransport } from '../hub-clients.ts';
import { openLab, type Lab } from '../lab.ts';
import { countEachAs } from '../sdk-row.ts';

let lab: Lab;
let count = 0;
const clients: device.ModuleClient[] = [];

beforeAll(async () => {
  lab = await openLab();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => lab.close());

/** Creates a device and a module with the registry client of the SDK, and connects the module. */
async function connect(way: ModuleTransport): Promise<{ client: device.ModuleClient; id: string; name: string }> {
  const id = `dev-${++count}`;
  const registry = openRegistry(lab);
  await registry.create({ deviceId: id });
  await registry.addModule({ deviceId: id, moduleId: 'motor' });
  const { responseBody } = await registry.getModule(id, 'motor');
  const key = responseBody.authentication?.symmetricKey?.primaryKey ?? '';
  const client = await openModule(lab, way, { deviceId: id, moduleId: 'motor', key });
  clients.push(client);
  return { client, id, name: `${id}/motor` };
}

describe.each(['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws'] as const)('a module of the Node SDK over %s', (way) => {
  countEachAs('Node device SDK at the hub', way, 'key');

  test('sends telemetry without and with the name of an output', async () => {
    const { client, id, name } = await connect(way);
    await client.sendEvent(new device.Message('{"t":21}'));
    await client.sendOutputEvent('temperature', new device.Message('{"t":22}'));
    expect(lab.messagesFrom(name).filter((each) => /events/.test(each) && /"t":2[12]/.test(each))).toHaveLength(2);
    expect((await openRegistry(lab).getModule(id, 'motor')).responseBody.connectionState).toBe('Connected');
  });

  test('reads and writes its twin and receives changes', async () => {
    const { client, id } = await connect(way);
    const twin = await client.getTwin();
    const changed = new Promise<unknown>((resolve) => {
      twin.on('properties.desired', (patch: { readonly limit?: number }) => {
        if (patch.limit !== undefined) resolve(patch);
      });
    });
    await updateReported(twin, { speed: 3 });
    const { responseBody } = await openRegistry(lab).getModuleTwin(id, 'motor');
    expect(responseBody.properties.reported).toMatchObject({ speed: 3 });
    await expect.poll(() => lab.messagesFrom(`${id}/motor`).some((each) => /desired/.test(each))).toBe(true);
    await responseBody.update({ properties: { desired: { limit: 7 } } });
    expect(await changed).toMatchObject({ limit: 7 });
  });

  test('answers a direct method of the service', async () => {
    const { client, id, name } = await connect(way);
    client.onMethod('stop', (request, response) => {
      response?.send(200, { got: request?.payload as unknown }, () => {});
    });
    await expect.poll(() => lab.messagesFrom(name).some((each) => /methods/.test(each))).toBe(true);
    const call = { methodName: 'stop', payload: { now: true }, responseTimeoutInSeconds: 5 };
    const { result } = (await openServiceClient(lab).invokeDeviceMethod(id, 'motor', call)) as unknown as {
      result: { status: number; payload: unknown };
    };
    expect(result).toEqual({ status: 200, payload: { got: { now: true } } });
  });

  test('listens to its inputs', async () => {
    const { client, name } = await connect(way);
    client.on('inputMessage', () => {});
    const listens = (each: string): boolean => /^SUBSCRIBE devices\/.*\/inputs\/#|^ATTACH from inputs/.test(each);
    await expect.poll(() => lab.messagesFrom(name).some(listens)).toBe(true);
  });

  test('is refused with another key', async () => {
    const id = `dev-${++count}`;
    const registry = openRegistry(lab);
    await registry.create({ deviceId: id });
    await registry.addModule({ deviceId: id, moduleId: 'motor' });
    const key = randomBytes(32).toString('base64');
    const failure = await failureOf(openModule(lab, way, { deviceId: id, moduleId: 'motor', key }));
    expect(failure.name).toBe('UnauthorizedError');
    expect(lab.lastRefusal(`${id}/motor`)).toBe('hub-token-signature-matches');
  });
});
