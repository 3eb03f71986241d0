import { describe, expect, test } from 'vitest';
import type { HistoryEvent, ServiceRecord } from '../../../../core/history/events.ts';
import { signals } from '../../../../core/findings/signals/index.ts';
import { lookForSignals } from '../../../../core/findings/signals/look-for-signals.ts';

const minute = 60_000;
const hour = 60 * minute;

type Logged = HistoryEvent & { kind: 'service-record' };

function record(at: number, identity: string, more: Partial<ServiceRecord> = {}): Logged {
  return {
    at,
    kind: 'service-record',
    service: 'dps',
    identity,
    from: `127.1.0.${identity.length}`,
    outcome: 'attested',
    ...more,
  };
}

const found = (events: readonly HistoryEvent[], audited?: readonly string[]) =>
  lookForSignals(events, audited).map(({ signal, subject }) => `${signal} ${subject}`);

describe('one identity at two addresses', () => {
  const home = { from: '127.1.0.1' };
  const away = { from: '127.66.6.6' };
  const { from: _from, ...nowhere } = record(hour, 'meter');

  test('is reported with its events if DPS and a hub accepted this identity from different addresses within a day', () => {
    const events = [
      record(0, 'Meter', home),
      record(5, 'x', home),
      record(hour, 'meter', { ...away, service: 'hub-eu' }),
    ];
    expect(lookForSignals(events, undefined)).toEqual([
      {
        signal: 'one-identity-two-places',
        subject: 'meter',
        sentence: 'a service accepted meter from 127.1.0.1 and 127.66.6.6 within a day',
        events: [0, 2],
      },
    ]);
  });

  test.each([
    ['moved to another address', [record(0, 'meter', home), record(25 * hour, 'meter', away)]],
    [
      'another client impersonated without success',
      [record(0, 'meter', home), record(hour, 'meter', { ...away, outcome: 'token-fresh' })],
    ],
    ['called without a network connection', [record(0, 'meter', home), nowhere]],
  ])('is not reported for a device that %s', (_, events) => {
    expect(found(events)).toEqual([]);
  });
});

describe('a device that was never audited', () => {
  test('is reported if the audit trail does not contain its ID in any letter case', () => {
    const events = [
      record(0, 'Camera-1'),
      record(1, 'camera-2'),
      record(2, 'camera-3', { outcome: 'enrollment-found' }),
    ];
    expect(found(events, ['camera-1'])).toEqual(['never-audited camera-2']);
    expect(found(events, ['camera-1', 'CAMERA-2'])).toEqual([]);
  });

  test('is not reported if no audit trail is given, but is reported if the given audit trail is empty', () => {
    expect(found([record(0, 'camera-1')])).toEqual([]);
    expect(found([record(0, 'camera-1')], [])).toEqual(['never-audited camera-1']);
  });
});

test('a signal reports one endorsement key under two registration IDs, even if DPS refused the second registration', () => {
  const key = { endorsementKey: 'aa' };
  const events = [
    record(0, 'a', { ...key, outcome: 'challenged' }),
    record(1, 'a', key),
    record(2, 'b', { endorsementKey: 'bb' }),
  ];
  expect(found(events)).toEqual([]);
  expect(found([...events, record(3, 'c', { ...key, outcome: 'endorsement-key-matches' })])).toEqual([
    'one-chip-two-names a, c',
  ]);
});

test('a signal reports a token that is valid much longer than the tokens of at least two other devices', () => {
  const lives = (ms: number, name: string) => record(0, name, { tokenExpiresAt: ms });
  const others = [lives(hour, 'a'), lives(hour, 'b')];
  expect(found([...others, lives(11 * hour, 'c')])).toEqual(['token-outlives-the-fleet c']);
  expect(found([...others, lives(9 * hour, 'c')])).toEqual([]);
  expect(found([lives(hour, 'a'), lives(11 * hour, 'c')])).toEqual([]);
});

describe('many requests with unknown registration IDs', () => {
  const tries = (count: number, apart: number, from = '127.66.6.6') =>
    Array.from({ length: count }, (_, index) =>
      record(index * apart, `name-${index}`, { from, outcome: 'enrollment-found' }),
    );

  test('are reported if they come from one address within ten minutes', () => {
    expect(found(tries(5, 2 * minute))).toEqual(['many-unknown-names 127.66.6.6']);
    expect(found(tries(4, 0))).toEqual([]);
    expect(found(tries(9, 3 * minute))).toEqual([]);
  });

  test('are not reported if they repeat one ID or if the devices registered before', () => {
    const same = tries(6, 0).map((event) => ({ ...event, identity: 'name-0' }));
    expect(found(same)).toEqual([]);
    const former = tries(6, 0).map((event) => ({ ...event, outcome: 'attested' as const }));
    expect(found([...former, ...tries(6, 0)])).toEqual([]);
  });
});

test('each signal has a unique name and a describing sentence', () => {
  expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
  for (const { summary } of signals) expect(summary).toMatch(/^[A-Z].*\.$/);
});
