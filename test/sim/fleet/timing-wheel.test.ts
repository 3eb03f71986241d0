import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimingWheel } from '../../../sim/fleet/timing-wheel.ts';

test('`TimingWheel` returns items by time, and items of the same millisecond in the order in which they were added', () => {
  const waits = fc.array(fc.array(fc.nat({ max: 300_000 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(waits, (waits) => {
      const wheel = new TimingWheel(waits.length);
      const reference: { due: number; order: number; item: number }[] = [];
      let order = 0;
      const set = (item: number, due: number): void => {
        wheel.set(item, due);
        reference.push({ due, order: order++, item });
      };
      for (const item of waits.keys()) set(item, item % 3);
      while (reference.length > 0) {
        reference.sort((a, b) => a.due - b.due || a.order - b.order);
        const [first] = reference.splice(0, 1);
        expect(wheel.take()).toBe(first?.item);
        expect(wheel.now).toBe(first?.due);
        const wait = waits[first?.item ?? 0]?.shift();
        if (wait !== undefined) set(first?.item ?? 0, (first?.due ?? 0) + wait);
      }
      expect(wheel.size).toBe(0);
      expect(wheel.take()).toBe(-1);
    }),
  );
});

test('`TimingWheel` skips years without items', () => {
  const wheel = new TimingWheel(2);
  wheel.set(0, 10 * 365 * 86_400_000);
  wheel.set(1, 5);
  expect([wheel.take(), wheel.now, wheel.take(), wheel.now]).toEqual([1, 5, 0, 315_360_000_000]);
});
