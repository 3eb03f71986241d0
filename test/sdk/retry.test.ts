import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Transport, transports } from '../../core/history/events.ts';
import type { FaultEffect, DeviceOperation } from '../../core/cloud/faults.ts';
import { failureOf, register, security } from './clients.ts';
import { hub, openLab, type DeviceCallSeen, type Lab } from './lab.ts';
import { NpmTree } from './npm-tree.ts';
import { Owner } from './owner.ts';
import { refusalNames } from './refusals.ts';

// They do little but wait: the SDK lives in real time.
vi.setConfig({ maxConcurrency: 16 });

const retrying = ['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws'] as const;

/** What the SDK waits where it is told no time, in milliseconds. */
const defaultWait = 2000;

const told = { kind: 'answer', status: 429, retryAfterSeconds: 3 } as const;
const answers = [
  ['429 with Retry-After', told, 3000],
  ['429 without Retry-After', { kind: 'answer', status: 429 }, defaultWait],
  ['500', { kind: 'answer', status: 500 }, defaultWait],
] as const;

const [asked, polled] = ['register', 'operation-status'] as const;

/** The calls of a registration that meets no fault. */
const untroubled = ['register 202', 'poll 200'];

describe.concurrent('what the Node SDK does when the service has a bad minute', () => {
  let lab: Lab;
  let owner: Owner;

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
  });
  afterAll(() => lab.close());

  /** Enrolls a device, and lets calls of it meet a fault. */
  const trouble = async (id: string, operation: DeviceOperation, effect: FaultEffect, count = 1) => {
    await owner.enroll(id, { attestation: { type: 'symmetricKey' } });
    lab.cloud.faults.add({ effect, registrationId: id, operation, count });
    const key = (await owner.keysOf(id)).primary;
    return (transport: Transport, settings?: Parameters<typeof register>[3]) =>
      register(lab, transport, security.symmetricKey(id, key), settings);
  };
  const seen = (id: string): readonly string[] => lab.calls(id).map(({ kind, answer }) => `${kind} ${answer}`);
  let count = 0;
  const newId = (transport: Transport): string => `${transport}-${++count}`;

  describe.each(retrying)('over %s', (transport) => {
    test.each(answers)('after %s to its registration asks again', async (_name, effect, wait) => {
      const id = newId(transport);
      const start = await trouble(id, asked, effect);
      expect(await start(transport)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: id });
      expect(seen(id)).toEqual([`register ${effect.status}`, ...untroubled]);
      expect(gaps(lab.calls(id))[0]).toBeGreaterThanOrEqual(wait - timerSlack);
    });

    test.each(answers)('after %s to its question asks the same again', async (_name, effect, wait) => {
      const id = newId(transport);
      const start = await trouble(id, polled, effect);
      expect(await start(transport)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: id });
      expect(seen(id)).toEqual(['register 202', `poll ${effect.status}`, 'poll 200']);
      expect(gaps(lab.calls(id))[1]).toBeGreaterThanOrEqual(wait - timerSlack);
    });

    test('asks as often as it takes', async () => {
      const id = newId(transport);
      const start = await trouble(id, asked, { ...told, retryAfterSeconds: 1 }, 3);
      expect(await start(transport)).toMatchObject({ status: 'assigned' });
      expect(seen(id)).toEqual(['register 429', 'register 429', 'register 429', ...untroubled]);
    });
  });

  const givesUp = async (
    transport: 'https' | 'amqp' | 'amqp-ws',
    effect: (typeof answers)[number][1],
    settings: Parameters<typeof register>[3] = {},
  ): Promise<void> => {
    const { status } = effect;
    const failure = { name: refusalNames[transport][status], said: { errorCode: status * 1000 + 1 } };
    for (const [operation, calls] of [
      [asked, [`register ${status}`]],
      [polled, ['register 202', `poll ${status}`]],
    ] as const) {
      const id = newId(transport);
      const start = await trouble(id, operation, effect);
      expect(await failureOf(start(transport, settings))).toMatchObject(failure);
      expect(seen(id)).toEqual(calls);
    }
  };

  describe('over https', () => {
    test.each(answers)('gives up at once after %s', (_name, effect) => givesUp('https', effect));
  });

  // It takes a throttling error for another than its own, which comes from another copy of the library, and hands it on raw.
  describe.each(['amqp', 'amqp-ws'] as const)('over %s, with the packages as npm lays them out alone', (transport) => {
    const tree = new NpmTree();
    afterAll(() => tree.remove());

    test.each(answers)('gives up at once after %s', (_name, effect) =>
      givesUp(transport, effect, { amqpFrom: tree.from }),
    );
  });

  describe.each(transports)('over %s, when the connection is cut', (transport) => {
    const cut: FaultEffect = { kind: 'drop' };

    test.each([
      ['register', asked, ['register cut']],
      ['poll', polled, ['register 202', 'poll cut']],
    ] as const)('at its %s, gives up; another client gets in', async (_name, operation, calls) => {
      const id = newId(transport);
      const start = await trouble(id, operation, cut);
      const emitted: string[] = [];
      const onTransportError = (error: Error) => void emitted.push(`${error.name}: ${error.message}`);
      const failure = await failureOf(start(transport, { onTransportError }));
      expect(failure).toEqual(cutFailures[transport].failure);
      expect(emitted).toEqual(cutFailures[transport].emitted);
      expect(seen(id)).toEqual(calls);
      expect(await start(transport)).toMatchObject({ status: 'assigned', deviceId: id });
      expect(seen(id)).toEqual([...calls, ...untroubled]);
    });
  });
});

/** A timer may fire a millisecond early, and another is lost to rounding. */
const timerSlack = 2;

/** Milliseconds between the answer to a call and the answer to the next. */
function gaps(calls: readonly DeviceCallSeen[]): number[] {
  return calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? at));
}

const overHttps = { failure: { name: 'Error', message: 'socket hang up', said: undefined }, emitted: [] };
/** The caller learns little, and the transport emits an error of which nobody told it: unheard, it ends the process. */
const overMqtt = {
  failure: { name: 'OperationCancelledError', message: undefined, said: undefined },
  emitted: ['NotConnectedError: Connection to the server has been closed.'],
};
const overAmqp = {
  failure: { name: 'NotConnectedError', message: 'rhea: connection disconnected', said: undefined },
  emitted: [],
};

/** What the SDK reports of a lost connection. */
const cutFailures: Readonly<Record<Transport, { readonly failure: object; readonly emitted: readonly string[] }>> = {
  https: overHttps,
  mqtt: overMqtt,
  'mqtt-ws': overMqtt,
  amqp: overAmqp,
  'amqp-ws': overAmqp,
};
