import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hubToken, serviceToken } from '../clients/credentials.ts';
import { askHub, createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer, RawRequest } from '../clients/raw-https.ts';

const [hub] = hubs;
const path = '/devices/dev/messages/devicebound';
const minute = 60_000;
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'dev');
});
beforeEach(async () => {
  open.clock.set(noon);
  await asOwner('DELETE', '/devices/dev/commands');
  await allFeedback();
});
afterAll(() => open.cloud.close());

function send(timeToLiveMs?: number) {
  const terms = { messageId: 'm', ack: 'full', ...(timeToLiveMs === undefined ? {} : { timeToLiveMs }) } as const;
  return open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('hot'), ...terms });
}

/** Expiry of the tokens in seconds since 1970. It is later than every instant of these tests. */
const se = noon / 1000 + 5 * 86_400;

const asDevice = (request: RawRequest): Promise<RawAnswer> =>
  askHub(open, { ...request, headers: { Authorization: hubToken(key, hub, 'dev', se) } });
const asOwner = (method: string, where: string): Promise<RawAnswer> =>
  askHub(open, { method, path: where, headers: { Authorization: serviceToken(ownerOf(open), hub, se) } });
const receive = (): Promise<RawAnswer> => asDevice({ path });
const lockOf = ({ headers }: RawAnswer): string => String(headers['etag']).replaceAll('"', '');
const countOf = ({ headers }: RawAnswer): number => Number(headers['iothub-deliverycount']);

async function settle(received: RawAnswer, how: 'abandon' | 'complete'): Promise<number> {
  const [method, rest] = how === 'abandon' ? ['POST', '/abandon'] : ['DELETE', ''];
  const asked = { method, path: `${path}/${lockOf(received)}${rest}` };
  return (await asDevice(asked)).status;
}

/** Reads and completes all feedback. Returns the status codes of the records. */
async function allFeedback(): Promise<readonly string[]> {
  const answer = await asOwner('GET', '/messages/serviceBound/feedback');
  if (answer.status === 204) return [];
  await asOwner('DELETE', `/messages/serviceBound/feedback/${lockOf(answer)}`);
  const records = JSON.parse(answer.text) as readonly { readonly statusCode: string }[];
  return [...records.map(({ statusCode }) => statusCode), ...(await allFeedback())];
}

// The limits are from azure-docs `iot-hub-devguide-messages-c2d` (2026-02).
describe('messages to a device', () => {
  test('are refused if 50 messages wait in the queue', () => {
    for (let count = 0; count < 50; count++) expect(send()).toMatchObject({ ok: true });
    expect(send()).toMatchObject({ ok: false });
  });

  test('are locked for one minute, and an expired lock does not raise the delivery count', async () => {
    send();
    const first = await receive();
    expect([first.status, countOf(first)]).toEqual([200, 0]);
    open.clock.set(noon + minute - 1);
    expect((await receive()).status).toBe(204);
    open.clock.set(noon + minute);
    const second = await receive();
    expect([second.status, countOf(second)]).toEqual([200, 0]);
    expect(await settle(first, 'complete')).toBe(412);
    expect(await settle(second, 'complete')).toBe(204);
    expect(await allFeedback()).toEqual(['Success']);
  });

  test('leave the queue when the device has abandoned them ten times', async () => {
    send();
    for (let count = 0; count < 10; count++) {
      const received = await receive();
      expect([received.status, countOf(received)]).toEqual([200, count]);
      expect(await settle(received, 'abandon')).toBe(204);
    }
    expect((await receive()).status).toBe(204);
    expect(await allFeedback()).toEqual(['DeliveryCountExceeded']);
  });

  test.each([
    ['one hour by default', undefined, 60 * minute],
    ['as long as their sender says', 5 * minute, 5 * minute],
    ['48 hours at most', 100 * 60 * minute, 48 * 60 * minute],
  ])('wait for %s', async (_name, timeToLiveMs, lifeMs) => {
    send(timeToLiveMs);
    open.clock.set(noon + lifeMs - 1);
    expect((await asOwner('GET', '/devices/dev')).body?.['cloudToDeviceMessageCount']).toBe(1);
    open.clock.set(noon + lifeMs);
    expect((await receive()).status).toBe(204);
    expect(await allFeedback()).toEqual(['Expired']);
  });
});
