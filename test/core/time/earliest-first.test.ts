import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EarliestFirst } from '../../../core/time/earliest-first.ts';

test('`EarliestFirst` returns entries in order, even if calls of `add` and `take` alternate', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: 'take' as const })), (actions) => {
      const queue = new EarliestFirst<number>((one, other) => one < other);
      const expected: number[] = [];
      for (const action of actions) {
        if (action === 'take') {
          expect(queue.take()).toBe(expected.shift());
        } else {
          queue.add(action);
          expected.push(action);
          expected.sort((a, b) => a - b);
        }
      }
      while (expected.length > 0) expect(queue.take()).toBe(expected.shift());
      expect(queue.take()).toBeUndefined();
    }),
  );
});

test('`EarliestFirst` makes at most 30 comparisons per sleep for 10,000 sleepers that each sleep ten times', () => {
  let comparisons = 0;
  const queue = new EarliestFirst<number>((one, other) => {
    comparisons++;
    return one < other;
  });
  const sleepers = 10_000;
  for (let sleeper = 0; sleeper < sleepers; sleeper++) queue.add((sleeper * 7919) % sleepers);
  for (let sleep = 0; sleep < 10 * sleepers; sleep++) queue.add((queue.take() ?? 0) + sleepers);
  expect(comparisons / (10 * sleepers)).toBeLessThan(30);
});
