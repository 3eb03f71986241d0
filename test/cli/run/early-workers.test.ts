import { expect, test } from 'vitest';
import { EarlyWorkers } from '../../../cli/run/early-workers.ts';
import type { RunOptions } from '../../../cli/run/run-options.ts';
import { inlineFolder } from '../run-inline.ts';

test('a command starts no worker processes early if it may have more workers than scenarios', () => {
  const names = Array.from({ length: 24 }, (_, index) => `${index}.yaml`);
  const folder = inlineFolder(Object.fromEntries(names.map((name) => [name, ''])));
  expect(new EarlyWorkers([folder], { workers: 25 } as RunOptions).take()).toBeUndefined();
});
