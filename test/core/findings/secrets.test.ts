import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { secretHoldings } from '../../../core/findings/secrets.ts';

const event = (at: number, secret: string, place: string, change: 'held' | 'dropped'): HistoryEvent => {
  return { at, kind: 'secret', secret, sort: 'shared-key', party: 'manufacturer', place, change };
};

test('`secretHoldings` reports each copy of a secret from its creation until its deletion, separately for each location', () => {
  expect(
    secretHoldings([
      event(0, 'a', 'room', 'held'),
      event(1000, 'a', 'desk', 'held'),
      event(2000, 'a', 'room', 'held'),
      event(3000, 'a', 'room', 'dropped'),
      event(4000, 'a', 'room', 'dropped'),
      event(5000, 'b', 'room', 'dropped'),
      event(6000, 'a', 'room', 'held'),
    ]),
  ).toEqual([
    {
      secret: 'a',
      sort: 'shared-key',
      party: 'manufacturer',
      place: 'room',
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:00:03.000Z',
    },
    {
      secret: 'a',
      sort: 'shared-key',
      party: 'manufacturer',
      place: 'desk',
      from: '1970-01-01T00:00:01.000Z',
      to: null,
    },
    {
      secret: 'a',
      sort: 'shared-key',
      party: 'manufacturer',
      place: 'room',
      from: '1970-01-01T00:00:06.000Z',
      to: null,
    },
  ]);
});
