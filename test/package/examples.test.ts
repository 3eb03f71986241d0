import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';
import { unpackInto } from './packed.ts';

// The folder is inside the checkout, so that Node finds vitest, Playwright Test and mqtt.
const folder = mkdtempSync(join(packageRoot, 'test', 'package', '.examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  cpSync(join(packageRoot, 'examples', 'lab'), folder, { recursive: true });
  const library = join(folder, 'node_modules', 'dps-rehearsal');
  await unpackInto(library);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(
    join(folder, 'playwright.config.mjs'),
    `export default { testMatch: 'playwright.spec.ts', reporter: 'line' };\n`,
  );
  // Defines the global names of Jest, so that the Jest example runs without Jest.
  const globals = `const { before, after, test } = require('node:test');\nObject.assign(globalThis, { test, afterAll: after, beforeAll: (work, timeout) => before(work, { timeout }) });\n`;
  writeFileSync(join(folder, 'jest-globals.cjs'), globals);
}, 400_000);

test('the examples compile with the types of the library', () => {
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const words = [compiler, '--noEmit', '--project', join(packageRoot, 'examples')];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 120_000 });
  expect([status, stdout]).toEqual([0, '']);
}, 150_000);

test.each([
  ['vitest', ['node_modules/vitest/vitest.mjs', 'run'], /3 passed/],
  ['Playwright Test', ['node_modules/@playwright/test/cli.js', 'test'], /1 passed/],
  ['node:test', ['--test', 'node.test.mjs'], /# pass 1/],
  ['Jest', ['--require', './jest-globals.cjs', '--test', 'jest.test.cjs'], /# pass 1/],
])(
  'the example for %s passes with the published package',
  (_, [script = '', ...words], passed) => {
    const program = script.startsWith('node_modules') ? join(packageRoot, script) : script;
    const { VITEST: _vitest, NODE_OPTIONS: _options, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: folder,
      env: { ...env, NO_COLOR: '1' },
      encoding: 'utf8',
      timeout: 150_000,
    });
    expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(passed)]);
  },
  600_000,
);
