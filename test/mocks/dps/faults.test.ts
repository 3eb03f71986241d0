import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import type { FaultRule } from '../../../core/cloud/faults.ts';
import { Random } from '../../../core/random.ts';
import { Faults } from '../../../mocks/dps/faults/faults.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { poll, register } from '../clients/device-wire.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { AmqpClient } from '../clients/amqp-client.ts';
import { publishPacket, RawMqtt, subscribePacket, type Packet } from '../clients/raw-mqtt.ts';

describe('injected faults', () => {
  const desk = (seed = 'a', now = noon): Faults =>
    new Faults({ now: () => now, sleep: () => Promise.resolve() }, new Random(seed));
  const drop: FaultRule = { effect: { kind: 'drop' } };

  test('each count their own matching calls; if several faults are due, the one that was added first applies', () => {
    const faults = desk();
    const never = faults.add({ ...drop, nth: 3 });
    const first = faults.add({ ...drop, registrationId: 'A', count: 1 });
    const second = faults.add({ ...drop, operation: 'register' });
    expect(faults.strike('a', 'register')?.id).toBe(first.id);
    expect(faults.strike('a', 'operation-status')).toBeUndefined();
    expect(faults.strike('b', 'register')?.id).toBe(never.id);
    expect(faults.strike('b', 'register')?.id).toBe(second.id);
    expect(faults.list().map(({ seen, struck }) => [seen, struck])).toEqual([
      [4, 1],
      [2, 1],
      [3, 1],
    ]);
    expect([faults.remove(second.id), faults.remove(second.id)]).toEqual([true, false]);
    faults.clear();
    expect(faults.list()).toEqual([]);
  });

  test('apply from their start until just before their end', () => {
    const strikesAt = (now: number): boolean => {
      const faults = desk('a', now);
      faults.add({ ...drop, from: noon, to: noon + 10 });
      return faults.strike('a', 'register') !== undefined;
    };
    expect([noon - 1, noon, noon + 9, noon + 10].map(strikesAt)).toEqual([false, true, true, false]);
  });

  test('with a rate apply at about that rate, and to the same calls for the same seed', () => {
    const strikes = (seed: string): string => {
      const faults = desk(seed);
      faults.add({ ...drop, rate: 0.25 });
      return Array.from({ length: 1000 }, () => (faults.strike('a', 'register') === undefined ? '-' : 'x')).join('');
    };
    const count = strikes('a').replaceAll('-', '').length;
    // Four standard deviations of 1000 draws with probability 1/4.
    expect(Math.abs(count - 250)).toBeLessThan(55);
    expect(strikes('a')).toBe(strikes('a'));
    expect(strikes('a')).not.toBe(strikes('b'));
  });
});

describe('an injected fault at a listener', () => {
  const keys = symmetricKeys();
  const token = (): string => dpsToken(keys.primaryKey, 'dev-1');
  let open: OpenCloud;

  beforeAll(async () => {
    open = await openCloud({ assignmentMs: 0 });
    open.cloud.operator.putEnrollment(individual('dev-1', { ...keys }));
  });
  afterEach(() => open.cloud.faults.clear());
  afterAll(() => open.cloud.close());

  test('over HTTPS applies to register, poll and lookup, after the client is authenticated', async () => {
    const begun = await register(open.cloud, 'dev-1', { token: token() });
    open.cloud.faults.add({
      effect: { kind: 'answer', status: 503, retryAfterSeconds: 9 },
      operation: 'operation-status',
    });
    const operationId = begun.body?.['operationId'];
    const struck = await poll(open.cloud, 'dev-1', operationId, { token: token() });
    expect(struck).toMatchObject({ status: 503, headers: { 'retry-after': '9', 'x-ms-error-code': '503001' } });
    const stranger = await poll(open.cloud, 'dev-1', operationId, { token: dpsToken(Buffer.from('x'), 'dev-1') });
    expect(stranger.status).toBe(401);
    open.cloud.faults.clear();
    expect(await poll(open.cloud, 'dev-1', operationId, { token: token() })).toMatchObject({ status: 200 });
  });

  test('over MQTT makes DPS send its status and its retry-after in the topic, or close the connection', async () => {
    open.cloud.faults.add({ effect: { kind: 'answer', status: 429, retryAfterSeconds: 11 }, count: 1 });
    open.cloud.faults.add({ effect: { kind: 'drop' } });
    const device = await RawMqtt.open(open.cloud);
    const username = `${idScope}/registrations/dev-1/api-version=2019-03-31`;
    expect(await device.connect({ clientId: 'dev-1', username, password: token() })).toBe(0);
    device.send(subscribePacket(1, [dpsTopics.responses, 1]));
    expect(await device.next()).toMatchObject({ kind: 'suback' });
    device.send(publishPacket(dpsTopics.register('1'), '{}'));
    const answer = await device.next();
    expect(answer).toMatchObject({ kind: 'publish', topic: '$dps/registrations/res/429/?$rid=1&retry-after=11' });
    expect(errorCodeOf(answer)).toBe(429001);
    device.send(publishPacket(dpsTopics.register('2'), '{}'));
    expect(await device.next()).toEqual({ kind: 'closed' });
    const wires = open.history.events().flatMap((event) => (event.kind === 'wire' ? [event.message] : []));
    expect(wires.at(-1)).toMatch(/iotdps-register.* → an injected fault closes the connection$/);
  });

  test('over AMQP makes DPS reject the delivery with its retry-after, or close the connection', async () => {
    open.cloud.faults.add({ effect: { kind: 'answer', status: 429, retryAfterSeconds: 11 }, count: 1 });
    open.cloud.faults.add({ effect: { kind: 'drop' } });
    const coming = { username: `${idScope}/registrations/dev-1`, password: token() };
    const device = await AmqpClient.open(open.cloud, 'dev-1', coming);
    const rejected = await device.register({ registrationId: 'dev-1' });
    const error = rejected.kind === 'rejected' ? rejected.error : undefined;
    expect(JSON.parse(String(error?.description))).toMatchObject({ errorCode: 429001 });
    expect(error?.info).toMatchObject({ 'retry-after': 11 });
    const gone = new Promise((done) => device.connection.once('disconnected', done));
    device.register({ registrationId: 'dev-1' }).catch(() => {});
    await gone;
  });
});

function errorCodeOf(packet: Packet): unknown {
  return packet.kind === 'publish' ? (JSON.parse(packet.text) as { errorCode?: unknown }).errorCode : undefined;
}
