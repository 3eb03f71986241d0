import { expect, test } from 'vitest';
import { repeatOrder } from '../../../cli/run/repeat-order.ts';

const scenarios = ['a', 'b', 'c', 'd'].flatMap((file) =>
  [1, 2, 3, 4].map((variant) => ({ file, id: `${file}#${variant}` })),
);
const ids = (seed: string): readonly string[] => repeatOrder(scenarios, seed).map(({ id }) => id);

test('`repeatOrder` returns the same scenarios in another order, which depends only on the seed', () => {
  expect(ids('s repeat 2')).toEqual(ids('s repeat 2'));
  expect(ids('s repeat 2').toSorted()).toEqual(scenarios.map(({ id }) => id));
  const orders = ['s repeat 2', 's repeat 3', 't repeat 2'].map((seed) => ids(seed).join(' '));
  expect(new Set([scenarios.map(({ id }) => id).join(' '), ...orders]).size).toBe(4);
});

test('`repeatOrder` keeps the scenarios of one file together', () => {
  const files = repeatOrder(scenarios, 's').map(({ file }) => file);
  expect(files.filter((file, index) => file !== files[index - 1])).toHaveLength(4);
});
