import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Quotas } from '../../../core/cloud/cloud.ts';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { Quota } from '../../../core/rules/quota.ts';
import { derivedKey, dpsToken, group, symmetricKeys } from '../clients/credentials.ts';
import { lookUp, poll, register, type Shown } from '../clients/device-wire.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt, subscribePacket } from '../clients/raw-mqtt.ts';

const keys = symmetricKeys();
const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

async function cloudWith(quotas: Partial<Quotas>, fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const open = await openCloud({ quotas, fidelity: { ...defaultFidelity, ...fidelity } });
  open.cloud.operator.putEnrollmentGroup(group('line', keys));
  opened.push(open);
  return open;
}

const shownBy = (id: string): Shown => ({ token: dpsToken(derivedKey(keys.primaryKey, id), id) });

function expectThrottled(answer: RawAnswer, retryAfter: string | undefined): void {
  const { errorCode, trackingId, timestampUtc } = answer.body ?? {};
  expect([answer.status, errorCode, answer.headers['x-ms-error-code']]).toEqual([429, 429001, '429001']);
  expect(Object.keys(answer.body ?? {})).toEqual(['errorCode', 'trackingId', 'message', 'timestampUtc']);
  expect(trackingId).toBe(answer.headers['x-ms-request-id']);
  expect(timestampUtc).toMatch(/\.\d{7}Z$/);
  expect(answer.headers['retry-after']).toBe(retryAfter);
}

describe('registration requests', () => {
  test('are limited to 1000 a minute for all devices together, as on the real service', async () => {
    const open = await cloudWith({});
    for (let index = 0; index < 1000; index++)
      expect((await register(open.cloud, `dev-${index % 7}`, { body: {} })).status).toBe(401);
    expectThrottled(await register(open.cloud, 'dev-1', shownBy('dev-1')), '60');
  }, 60_000);

  test('over the quota are refused before DPS authenticates the device', async () => {
    const open = await cloudWith({ registrationsPerMinute: 2 });
    expect((await register(open.cloud, 'one', shownBy('one'))).status).toBe(202);
    expect((await register(open.cloud, 'two')).status).toBe(401);
    expectThrottled(await register(open.cloud, 'three', shownBy('three')), '60');
    expectThrottled(await register(open.cloud, 'three', { token: 'no token' }), '60');
    expect(open.lastVerdict()).toBe('dps registration-quota-left');
  });

  test('are counted over the preceding minute, without the refused requests', async () => {
    const open = await cloudWith({ registrationsPerMinute: 2 });
    await register(open.cloud, 'one', shownBy('one'));
    open.clock.set(noon + 20_000);
    await register(open.cloud, 'two', shownBy('two'));
    open.clock.set(noon + 59_001);
    expectThrottled(await register(open.cloud, 'three', shownBy('three')), '1');
    open.clock.set(noon + 59_999);
    expectThrottled(await register(open.cloud, 'three', shownBy('three')), '1');
    open.clock.set(noon + 60_000);
    expect((await register(open.cloud, 'three', shownBy('three'))).status).toBe(202);
    expectThrottled(await register(open.cloud, 'four', shownBy('four')), '20');
    open.clock.set(noon);
  });

  test('are counted per minute of the clock if `throttleWindow` is `fixed`', async () => {
    const open = await cloudWith({ registrationsPerMinute: 2 }, { throttleWindow: 'fixed' });
    open.clock.set(noon + 59_000);
    await register(open.cloud, 'one', shownBy('one'));
    await register(open.cloud, 'two', shownBy('two'));
    expectThrottled(await register(open.cloud, 'three', shownBy('three')), '1');
    open.clock.set(noon + 60_000);
    for (const id of ['three', 'four']) expect((await register(open.cloud, id, shownBy(id))).status).toBe(202);
    expectThrottled(await register(open.cloud, 'five', shownBy('five')), '60');
    open.clock.set(noon);
  });

  test('and status lookups are counted together', async () => {
    const open = await cloudWith({ registrationsPerMinute: 2 });
    await register(open.cloud, 'dev', shownBy('dev'));
    expect((await lookUp(open.cloud, 'dev', shownBy('dev'))).status).toBe(200);
    expectThrottled(await lookUp(open.cloud, 'dev', shownBy('dev')), '60');
    expectThrottled(await register(open.cloud, 'dev', shownBy('dev')), '60');
  });

  test('of another ID scope are not counted', async () => {
    const open = await cloudWith({ registrationsPerMinute: 1 });
    for (let again = 0; again < 3; again++)
      expect((await register(open.cloud, 'dev', { ...shownBy('dev'), scope: '0neFFFFFFFF' })).status).toBe(404);
    expect((await register(open.cloud, 'dev', shownBy('dev'))).status).toBe(202);
  });

  test('are refused without Retry-After if `throttleRetryAfter` is `none`', async () => {
    const open = await cloudWith({ registrationsPerMinute: 1 }, { throttleRetryAfter: 'none' });
    await register(open.cloud, 'one', shownBy('one'));
    expectThrottled(await register(open.cloud, 'two', shownBy('two')), undefined);
  });

  test.each([
    ['told', '&retry-after=60'],
    ['none', ''],
  ] as const)(
    'are refused over MQTT as over HTTPS, with Retry-After %s, and the connection stays open',
    async (told, words) => {
      const open = await cloudWith({ registrationsPerMinute: 1 }, { throttleRetryAfter: told });
      const device = await RawMqtt.open(open.cloud);
      const username = `${idScope}/registrations/dev/api-version=2019-03-31`;
      expect(await device.connect({ clientId: 'dev', username, password: shownBy('dev').token ?? '' })).toBe(0);
      device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('1'), '{}'));
      await device.flush();
      device.send(publishPacket(dpsTopics.register('2'), '{}'));
      const [refused] = await device.flush();
      expect(refused).toMatchObject({ kind: 'publish', topic: `$dps/registrations/res/429/?$rid=2${words}` });
      expect(JSON.parse(refused?.kind === 'publish' ? refused.text : '')).toMatchObject({ errorCode: 429001 });
      open.clock.set(noon + 60_000);
      device.send(publishPacket(dpsTopics.register('3'), '{}'));
      expect(await device.flush()).toMatchObject([{ topic: '$dps/registrations/res/202/?$rid=3&retry-after=3' }]);
      open.clock.set(noon);
      device.close();
    },
  );
});

describe('polls', () => {
  async function accepted(open: OpenCloud, id: string): Promise<unknown> {
    return (await register(open.cloud, id, shownBy(id))).body?.['operationId'];
  }

  test('are limited to five in ten seconds for each device', async () => {
    const open = await cloudWith({});
    const [one, two] = [await accepted(open, 'one'), await accepted(open, 'two')];
    for (let again = 0; again < 5; again++)
      expect((await poll(open.cloud, 'one', one, shownBy('one'))).status).toBe(202);
    expectThrottled(await poll(open.cloud, 'one', one, shownBy('one')), '10');
    expectThrottled(await poll(open.cloud, 'ONE', one, shownBy('ONE')), '10');
    expect(open.lastVerdict()).toBe('dps poll-quota-left');
    expect((await poll(open.cloud, 'two', two, shownBy('two'))).status).toBe(202);
    open.clock.set(noon + 10_000);
    expect((await poll(open.cloud, 'one', one, shownBy('one'))).status).toBe(200);
    open.clock.set(noon);
  });

  test('and registrations are counted separately', async () => {
    const open = await cloudWith({ registrationsPerMinute: 1, pollsPer10s: 1 });
    const operation = await accepted(open, 'dev');
    expectThrottled(await register(open.cloud, 'dev', shownBy('dev')), '60');
    expect((await poll(open.cloud, 'dev', operation, shownBy('dev'))).status).toBe(202);
    expectThrottled(await poll(open.cloud, 'dev', operation, shownBy('dev')), '10');
  });

  test('count as operations only if `pollsAsOperations` is `counted`', async () => {
    const quotas = { operationsPerMinute: 2, pollsPer10s: 100 };
    const apart = await cloudWith(quotas);
    const operation = await accepted(apart, 'dev');
    for (let again = 0; again < 4; again++)
      expect((await poll(apart.cloud, 'dev', operation, shownBy('dev'))).status).toBe(202);
    const counted = await cloudWith(quotas, { pollsAsOperations: 'counted' });
    const operations = [await accepted(counted, 'one'), await accepted(counted, 'two')];
    expect((await poll(counted.cloud, 'one', operations[0], shownBy('one'))).status).toBe(202);
    expect((await poll(counted.cloud, 'two', operations[1], shownBy('two'))).status).toBe(202);
    expectThrottled(await poll(counted.cloud, 'one', operations[0], shownBy('one')), '60');
    expect(counted.lastVerdict()).toBe('dps operation-quota-left');
  });
});

describe('a quota', () => {
  const requests = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });

  test('with a sliding window admits at most its limit, and returns for a refused request the earliest time of a retry', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 6 }), (gaps, limit) => {
        const quota = new Quota({ limit, windowMs: 1000, counted: 'sliding' });
        const taken: number[] = [];
        let now = noon;
        for (const gap of gaps) {
          now += gap;
          const at = now;
          const inWindow = taken.filter((instant) => instant > at - 1000);
          const freeAt = quota.take(at);
          expect(freeAt === undefined).toBe(inWindow.length < limit);
          if (freeAt === undefined) taken.push(at);
          else expect(freeAt).toBe((inWindow[0] ?? 0) + 1000);
        }
      }),
    );
  });

  test('with fixed windows admits its limit in each window', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 6 }), (gaps, limit) => {
        const quota = new Quota({ limit, windowMs: 1000, counted: 'fixed' });
        const counts = new Map<number, number>();
        let now = noon;
        for (const gap of gaps) {
          now += gap;
          const window = Math.floor(now / 1000);
          const count = counts.get(window) ?? 0;
          const freeAt = quota.take(now);
          expect(freeAt).toBe(count < limit ? undefined : (window + 1) * 1000);
          if (freeAt === undefined) counts.set(window, count + 1);
        }
      }),
    );
  });
});
