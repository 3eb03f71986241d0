import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundled } from '../../../cli/bundle/bundle.mjs';

const here = join(import.meta.dirname, '..', '..', '..');
const root = mkdtempSync(join(tmpdir(), 'rehearse-bundle-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the bundle is built once for the same sources, even by two processes, and is built again after a change of a source', async () => {
  cpSync(join(here, 'cli'), join(root, 'cli'), { recursive: true });
  for (const name of ['package.json', 'core', 'mocks', 'reports', 'sim', 'node_modules']) {
    symlinkSync(join(here, name), join(root, name));
  }
  const [one, other] = await Promise.all([bundled(root), bundled(root)]);
  expect(other).toBe(one);
  expect(readdirSync(dirname(one))).toHaveLength(1);
  expect(readdirSync(one)).toEqual(expect.arrayContaining(['main.js', 'starter-process.mjs', 'worker.js']));

  appendFileSync(join(root, 'cli', 'slug.ts'), '// changed\n');
  const next = await bundled(root);
  expect(next).not.toBe(one);
  // The old bundle stays, because a process that runs from it may still load one of its files.
  expect(readdirSync(dirname(one))).toHaveLength(2);
  expect(await bundled(root)).toBe(next);
}, 120_000);
