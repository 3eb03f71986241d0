import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Transport, transports } from '../../core/history/events.ts';
import type { FaultEffect, DeviceOperation } from '../../core/cloud/faults.ts';
import { failureOf, register, security } from './clients.ts';
import { hub, openLab, type DeviceCallSeen, type Lab } from './lab.ts';
import { NpmTree } from './npm-tree.ts';
import { Owner } from './owner.ts';
import { refusalNames } from './refusals.ts';

// The SDK runs in real time and the tests spend most of it waiting, so many can run at once.
vi.setConfig({ maxConcurrency: 16 });

const retrying = ['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws'] as const;

/** The time in milliseconds that the SDK waits before a retry if the answer has no retry-after. */
const defaultWait = 2000;

const throttled = { kind: 'answer', status: 429, retryAfterSeconds: 3 } as const;
const answers = [
  ['429 with Retry-After', throttled, 3000],
  ['429 without Retry-After', { kind: 'answer', status: 429 }, defaultWait],
  ['500', { kind: 'answer', status: 500 }, defaultWait],
] as const;

const [asked, polled] = ['register', 'operation-status'] as const;

/** The calls of a registration into which no fault is injected. */
const untroubled = ['register 202', 'poll 200'];

describe.concurrent('the Node SDK during faults of the service', () => {
  let lab: Lab;
  let owner: Owner;

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
  });
  afterAll(() => lab.close());

  /** Enrolls a device and injects a fault into its calls. */
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
    test.each(answers)('retries its registration after %s', async (_name, effect, wait) => {
      const id = newId(transport);
      const start = await trouble(id, asked, effect);
      expect(await start(transport)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: id });
      expect(seen(id)).toEqual([`register ${effect.status}`, ...untroubled]);
      expect(gaps(lab.calls(id))[0]).toBeGreaterThanOrEqual(wait - timerSlack);
    });

    test.each(answers)('retries the same poll after %s', async (_name, effect, wait) => {
      const id = newId(transport);
      const start = await trouble(id, polled, effect);
      expect(await start(transport)).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: id });
      expect(seen(id)).toEqual(['register 202', `poll ${effect.status}`, 'poll 200']);
      expect(gaps(lab.calls(id))[1]).toBeGreaterThanOrEqual(wait - timerSlack);
    });

    test('retries its registration until it succeeds', async () => {
      const id = newId(transport);
      const start = await trouble(id, asked, { ...throttled, retryAfterSeconds: 1 }, 3);
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

  // If the transport uses another copy of the library, the SDK does not recognise a throttling error. It then reports the error unchanged.
  describe.each(['amqp', 'amqp-ws'] as const)(
    'over %s, in the folder layout that `npm install` creates',
    (transport) => {
      const tree = new NpmTree();
      afterAll(() => tree.remove());

      test.each(answers)('gives up at once after %s', (_name, effect) =>
        givesUp(transport, effect, { amqpFrom: tree.from }),
      );
    },
  );

  describe.each(transports)('over %s, when the connection is closed', (transport) => {
    const cut: FaultEffect = { kind: 'drop' };

    test.each([
      ['register', asked, ['register cut']],
      ['poll', polled, ['register 202', 'poll cut']],
    ] as const)(
      'gives up if the service closes the connection during the %s request; a new client of the same device can register',
      async (_name, operation, calls) => {
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
      },
    );
  });
});

/** A timer may fire one millisecond too early, and rounding can make the measured time another millisecond shorter. */
const timerSlack = 2;

/** Returns the milliseconds between the answer to each call and the answer to the next call. */
function gaps(calls: readonly DeviceCallSeen[]): number[] {
  return calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? at));
}

const overHttps = { failure: { name: 'Error', message: 'socket hang up', said: undefined }, emitted: [] };
/**
 * Over MQTT, the error of the SDK has a name but no message. The transport also emits an undocumented error, which ends the process if it
 * has no listener.
 */
const overMqtt = {
  failure: { name: 'OperationCancelledError', message: undefined, said: undefined },
  emitted: ['NotConnectedError: Connection to the server has been closed.'],
};
const overAmqp = {
  failure: { name: 'NotConnectedError', message: 'rhea: connection disconnected', said: undefined },
  emitted: [],
};

/** The error with which the SDK reports a lost connection, by transport. */
const cutFailures: Readonly<Record<Transport, { readonly failure: object; readonly emitted: readonly string[] }>> = {
  https: overHttps,
  mqtt: overMqtt,
  'mqtt-ws': overMqtt,
  amqp: overAmqp,
  'amqp-ws': overAmqp,
};
