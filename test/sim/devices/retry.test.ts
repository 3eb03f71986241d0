import { describe, expect, test } from 'vitest';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import { Random } from '../../../core/random.ts';
import type { Run } from '../../../core/run/run.ts';
import { waitBeforeRetry, type RetryMode, type RetryTraits } from '../../../sim/devices/retry.ts';
import { playText } from '../play.ts';

const fleet = (words: { retry: string; transport: string; cloud?: string }): string => `
title: Six devices and a quota of two a minute
cloud:
  quotas: { registrationsPerMinute: 2 }
  ${words.cloud ?? ''}
  enrollmentGroups: { keyed: { symmetricKey: true } }
devices:
  it: { attestation: symmetricKey, count: 6, transport: ${words.transport}, retry: ${words.retry} }
timeline:
  - install-key: { device: it, from: derived, group: keyed }
  - power-on: it
    expect: { telemetry: accepted }
`;

const outcomes = (run: Run | undefined): string[] =>
  (run?.registrations ?? []).map(({ outcome, check, errorCode }) => [outcome, check, errorCode].join(' ').trim());
const throttled = 'refused registration-quota-left 429001';

describe.each(['mqtt', 'https'])('a throttled fleet over %s', (transport) => {
  test('is assigned after some time if its devices back off', async () => {
    const [run] = await playText(fleet({ retry: 'back-off', transport }));
    expect(outcomes(run)).toEqual(Array.from({ length: 6 }, () => 'assigned'));
    const attempts = (run?.registrations ?? []).map((each) => each.attempts);
    expect(attempts.filter((each) => each === 1)).toHaveLength(2);
    expect(Math.max(...attempts)).toBeGreaterThan(2);
    expect(run?.virtualDuration).toMatch(/^PT[2-9]M/);
  });

  test('is throttled until its devices give up, if the devices retry at once', async () => {
    const [run] = await playText(fleet({ retry: 'at-once', transport }));
    expect(outcomes(run).toSorted()).toEqual(['assigned', 'assigned', throttled, throttled, throttled, throttled]);
    const refused = (run?.registrations ?? []).filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ attempts, decidedBy }) => [attempts, decidedBy])).toEqual(
      Array.from({ length: 4 }, () => [8, 'dps']),
    );
  });

  test('has no more assigned devices than the quota permits if its devices never retry', async () => {
    const [run] = await playText(fleet({ retry: 'none', transport }));
    expect(outcomes(run).toSorted()).toEqual(['assigned', 'assigned', throttled, throttled, throttled, throttled]);
    expect((run?.registrations ?? []).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

test('the seed determines the waits between retries', async () => {
  const text = fleet({ retry: 'back-off', transport: 'mqtt' });
  const play = async (seed: string): Promise<string> =>
    normaliseHistory((await playText(text, seed))[0]?.history ?? []);
  const first = await play('one');
  expect(await play('one')).toBe(first);
  expect(await play('other')).not.toBe(first);
});

test('a device retries when its polls are throttled', async () => {
  const [run] = await playText(`
title: One poll in ten seconds
cloud: { quotas: { pollsPer10s: 1 }, retryAfter: 1, assignment: PT15S }
devices: { it: { attestation: symmetricKey } }
timeline:
  - enroll: it
  - install-key: it
  - power-on: it
    expect: { assigned: hub-eu, attempts: 1 }
`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  const refusals = (run?.history ?? []).filter(
    (event) => event.kind === 'decision' && event.checks.some(({ check }) => check === 'poll-quota-left'),
  );
  expect(refusals.length).toBeGreaterThan(0);
});

describe('the wait before a retry', () => {
  const of = (retry: RetryMode): RetryTraits => ({ retry, random: new Random('waits') });

  test('is between `Retry-After` and twice `Retry-After`', () => {
    const device = of('back-off');
    const waits = Array.from({ length: 100 }, () => waitBeforeRetry(device, 1, 60) ?? 0);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...waits)).toBeLessThan(120_000);
    expect(new Set(waits).size).toBeGreaterThan(90);
  });

  test('doubles each time if there is no `Retry-After`, until the device gives up', () => {
    const device = of('back-off');
    const waits = Array.from({ length: 9 }, (_, index) => waitBeforeRetry(device, index + 1, undefined));
    for (const [index, wait] of waits.slice(0, 7).entries()) {
      expect(wait).toBeGreaterThanOrEqual(2 ** index * 1000);
      expect(wait).toBeLessThan(2 ** index * 2000);
    }
    expect(waits.slice(7)).toEqual([undefined, undefined]);
  });

  test('is zero for `retry: at-once`, and undefined for `retry: none`', () => {
    expect([1, 7, 8].map((tries) => waitBeforeRetry(of('at-once'), tries, 60))).toEqual([0, 0, undefined]);
    expect(waitBeforeRetry(of('none'), 1, 60)).toBeUndefined();
  });
});
