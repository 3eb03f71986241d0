import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { foldedRows, isHidden } from '../../../reports/html/page/scenario/timeline/folded-rows.ts';
import { repeatsIn } from '../../../reports/html/page/scenario/timeline/repeats.ts';
import { timelineRows } from '../../../reports/html/page/scenario/timeline/timeline-rows.ts';

const wire = (from: string, message: string, at: number): HistoryEvent => ({
  kind: 'wire',
  door: 'mqtt',
  from,
  to: 'dps',
  message,
  at,
});
const step = (index: number, at: number): HistoryEvent => ({
  kind: 'step-started',
  step: index,
  name: 'power-on',
  line: 1,
  at,
});
const decision = (subject: string, passed: boolean, at: number): HistoryEvent => ({
  kind: 'decision',
  judge: 'dps',
  subject,
  about: 'registration',
  checks: [{ check: 'id-scope-known', passed, expected: 'a', found: 'b' }],
  at,
});

function poll(count: number, status = 202): readonly HistoryEvent[] {
  return Array.from({ length: count }, (_, index) =>
    wire('pump', `PUBLISH $dps/registrations/GET/?$rid=${index} → ${status} {"status":"assigning"}`, index),
  );
}

test('41 equal messages become one row, and the row after them stays the same', () => {
  const rows = timelineRows([step(0, 0), ...poll(41), decision('pump', true, 50)]);
  const repeats = repeatsIn(rows);
  expect(repeats).toEqual([{ first: 1, period: 1, times: 41 }]);
  const shown = foldedRows(rows, repeats, () => false);
  expect(shown.map(({ event }) => event)).toEqual([0, 1, 42]);
  expect(shown[1]?.repeat).toMatchObject({ times: 41, isOpen: false });
  expect(foldedRows(rows, repeats, () => true)).toHaveLength(43);
});

test('if the events of fleet members repeat as equal blocks, the first block stays visible and one row replaces the other blocks', () => {
  const fleet = Array.from({ length: 5 }, (_, index) => {
    const name = `unit-${index + 1}`;
    return [wire(name, `CONNECT 0ne/registrations/${name} → CONNACK 0`, index), decision(name, true, index)];
  }).flat();
  const rows = timelineRows([step(0, 0), ...fleet, step(1, 9)]);
  const repeats = repeatsIn(rows);
  expect(repeats).toEqual([{ first: 1, period: 2, times: 5 }]);
  const shown = foldedRows(rows, repeats, () => false);
  expect(shown.map(({ event }) => event)).toEqual([0, 1, 2, 10, 11]);
  expect(shown[3]?.text).toBe('the same 2 events 4 more times, the last one: registration, unit-5: accepted');
  expect([2, 3, 9, 10].map((row) => repeats.some((repeat) => isHidden(repeat, row)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('rows with a different answer, outcome, actor or step stay separate rows', () => {
  const messages = (statuses: readonly number[]) =>
    statuses.flatMap((status, index) => wire('pump', `PUT /x → ${status} {}`, index));
  expect(repeatsIn(timelineRows(messages([202, 202, 401, 202, 202])))).toEqual([]);
  expect(repeatsIn(timelineRows([decision('a', true, 0), decision('a', false, 1), decision('a', true, 2)]))).toEqual(
    [],
  );
  expect(repeatsIn(timelineRows(['pump', 'valve', 'meter'].map((name) => decision(name, true, 0))))).toEqual([]);
  expect(repeatsIn(timelineRows([...poll(2), step(1, 5), ...poll(2)]))).toEqual([]);
});

test('a history of 200,000 events is folded in linear time', () => {
  const rows = timelineRows(poll(200_000));
  expect(repeatsIn(rows)).toEqual([{ first: 0, period: 1, times: 200_000 }]);
});
