import { describe, expect, test } from 'vitest';
import { History } from '../../../core/history/history.ts';

const clock = { now: () => 5, sleep: () => Promise.resolve() };

describe('a history', () => {
  test('without a limit keeps every event unchanged', () => {
    const history = new History(clock);
    const sentence = 'x'.repeat(10_000);
    for (let count = 0; count < 500; count++) record(history, sentence);
    expect(history.events()).toHaveLength(500);
    expect(history.events()[0]).toEqual({ at: 5, kind: 'deed', party: 'device', subject: 'd', sentence });
  });

  test('with a limit keeps the latest events, and shortens long texts at any depth', () => {
    const history = new History(clock, { limit: 100 });
    const lengths = Array.from({ length: 1000 }, (_, count) => {
      record(history, String(count));
      return history.events().length;
    });
    expect(Math.max(...lengths)).toBe(100);
    expect(Math.min(...lengths.slice(100))).toBeGreaterThanOrEqual(90);
    const kept = history.events().map((event) => (event.kind === 'deed' ? Number(event.sentence) : -1));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 1000 - kept.length + index));
    const check = { check: 'id-scope-known', passed: false, expected: 'a', found: 'y'.repeat(5000) } as const;
    history.record({ kind: 'decision', judge: 'dps', subject: 'd', about: 'a', checks: [check] });
    const last = history.events().at(-1);
    expect(last?.kind === 'decision' ? last.checks[0] : undefined).toEqual({
      ...check,
      found: `${'y'.repeat(1500)}…${'y'.repeat(500)}`,
    });
  });

  test('merges a time jump with the time jump before it if only a call of `noteQuietVisit` is between them', () => {
    const history = new History(clock);
    const jump = (from: number, to: number) => history.record({ kind: 'time-jumped', from, to });
    jump(0, 1);
    jump(1, 2);
    history.noteQuietVisit();
    jump(2, 3);
    history.noteQuietVisit();
    record(history, 'an event');
    jump(3, 4);
    jump(4, 5);
    const jumps = history.events().flatMap((event) => (event.kind === 'time-jumped' ? [[event.from, event.to]] : []));
    expect(jumps).toEqual([
      [0, 1],
      [1, 3],
      [3, 4],
      [4, 5],
    ]);
  });

  test('calls `onRecord` after each event', () => {
    let told = 0;
    const history = new History(clock, { onRecord: () => told++ });
    record(history, 'one');
    record(history, 'two');
    expect(told).toBe(2);
  });
});

function record(history: History, sentence: string): void {
  history.record({ kind: 'deed', party: 'device', subject: 'd', sentence });
}
