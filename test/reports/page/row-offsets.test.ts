import { describe, expect, test } from 'vitest';
import { rowOffsets } from '../../../reports/html/page/row-offsets.ts';

describe('`rowOffsets` computes the positions of rows', () => {
  test.each([
    ['of one height', 10],
    ['with a list of equal heights', [10, 10, 10]],
  ])('%s', (_name, heights) => {
    const { top, at } = rowOffsets(heights);
    expect([0, 1, 3].map(top)).toEqual([0, 10, 30]);
    expect([-1, 0, 9, 10, 29].map(at)).toEqual([-1, 0, 0, 1, 2]);
  });

  test('with different heights', () => {
    const { top, at } = rowOffsets([62, 96, 62]);
    expect([0, 1, 2, 3, 4].map(top)).toEqual([0, 62, 158, 220, 220]);
    expect([61, 62, 157, 158, 219, 500].map(at)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  test('of an empty list', () => {
    const { top, at } = rowOffsets([]);
    expect([top(0), top(60), at(0)]).toEqual([0, 0, 0]);
  });
});
