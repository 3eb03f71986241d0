import { expect, test } from 'vitest';
import { compareFigures } from './compare-figures.ts';

test('`compareFigures` compares ratios of the same name, and ignores absolute figures', () => {
  const now = {
    node: 'v20',
    x509: { ratio: 0.9, flowsPerSecond: 100 },
    loaderGrowth: { steps: 4 },
    suiteMs: 9,
    added: 1,
  };
  const committed = { node: 'v20', x509: { ratio: 0.6, flowsPerSecond: 50 }, loaderGrowth: { steps: 0 }, suiteMs: 7 };
  expect(compareFigures(now, committed)).toEqual({
    'x509.ratio': { now: 0.9, committed: 0.6, times: 1.5 },
    'loaderGrowth.steps': { now: 4, committed: 0 },
  });
});
