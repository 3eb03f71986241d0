import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the packages that replace native packages are folders of this repository', () => {
  const lock: { packages: Record<string, { resolved?: string; link?: boolean; name?: string }> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  const names = ['ffi-napi', 'ref-napi', 'ref-array-di', 'ref-struct-di', 'ref-union-di'];
  const found = names.map((name) => lock.packages[`node_modules/${name}`]);
  expect(found.map((one) => one?.link)).toEqual(names.map(() => true));
  expect(Object.values(lock.packages).filter(({ name }) => name === 'empty-npm-package')).toEqual([]);
});
