import { describe, expect, test } from 'vitest';
import { Quota } from '../../../core/rules/quota.ts';
import type { Fleet } from '../../../sim/fleet/fleet.ts';
import { OthersInOrder } from '../../../sim/fleet/others-in-order.ts';
import { TakeLog } from '../../../sim/fleet/take-log.ts';

/** The only member of a fleet that this test needs: it returns the number of the device with a registration ID such as `meter-3`. */
const fleet = {
  indexOf: (registrationId: string) => Number(registrationId.slice('meter-'.length)),
} as unknown as Fleet;

/**
 * Returns a quota that admits `limit` requests. `log` has the requests that the simulation counted. The sampled devices in `real` send
 * their requests over real connections.
 */
function serviceWith(limit: number, log: readonly (readonly [device: number, at: number])[], real: readonly number[]) {
  const takes = new TakeLog();
  for (const [device, at] of log) takes.add(device, at);
  const quota = new Quota({ limit, windowMs: 60_000, counted: 'sliding' });
  const others = new OthersInOrder(takes, new Set(real), fleet);
  let counted = 0;
  const take = (at: number): boolean => {
    const isTaken = quota.take(at) === undefined;
    if (isTaken) counted++;
    return isTaken;
  };
  return {
    /** Sends a request of a sampled device. Returns true if the quota admits it. */
    admits: (device: number, at: number) => others.countBefore(`meter-${device}`, at, take) || take(at),
    countRest: () => others.countRest(take),
    get counted() {
      return counted;
    },
  };
}

describe('two fleet devices with real connections that send requests in the same millisecond', () => {
  test('are counted in the order of the simulation: the accepted device is first, and the refused device is second', () => {
    const service = serviceWith(
      2,
      [
        [7, 1000],
        [1, 1000],
      ],
      [1, 2],
    );
    expect(service.admits(2, 1000)).toBe(false);
    expect(service.admits(1, 1000)).toBe(true);
    expect(service.counted).toBe(2);
  });

  test('are both accepted if their requests arrive in another order than in the simulation, and each request counts once', () => {
    const log = [
      [1, 1000],
      [7, 1000],
      [2, 1000],
      [8, 1000],
      [9, 1000],
    ] as const;
    const service = serviceWith(5, log, [1, 2]);
    expect([service.admits(2, 1000), service.admits(1, 1000)]).toEqual([true, true]);
    service.countRest();
    expect(service.counted).toBe(5);
  });

  test('get the decisions of the simulation even if one of the two devices sends several accepted requests', () => {
    const log = [
      [1, 1000],
      [7, 1000],
      [1, 1000],
      [2, 1000],
    ] as const;
    const service = serviceWith(4, log, [1, 2]);
    expect([1, 2, 1].map((device) => service.admits(device, 1000))).toEqual([true, true, true]);
    expect(service.admits(1, 1000)).toBe(false);
    expect(service.counted).toBe(4);
  });
});

test('the quota omits a simulated request of a fleet device with real connections that did not send this request', () => {
  const service = serviceWith(
    2,
    [
      [1, 1000],
      [7, 2000],
    ],
    [1, 2],
  );
  expect(service.admits(2, 3000)).toBe(true);
  expect(service.admits(1, 3000)).toBe(false);
  expect(service.counted).toBe(2);
});
