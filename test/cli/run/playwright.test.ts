import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Results } from '../../../reports/shapes/results-shape.ts';
import { packageRoot } from '../../../cli/package-root.ts';
import { unpackInto } from '../../package/packed.ts';
import { command } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

// The folder is inside the checkout, so that Node finds the packages.
const folder = mkdtempSync(join(packageRoot, 'test', 'cli', 'run', '.playwright-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  const library = join(folder, 'node_modules', 'dps-rehearsal');
  // Unpacks the published form of the package into a folder where Node finds the instance of Playwright Test that runs the suite.
  await unpackInto(library);
}, 400_000);

const config = `export default {
  testDir: '.', testMatch: 'suite.spec.mjs', workers: 2, outputDir: process.env.FOLDER + '/output',
  reporter: [['dps-rehearsal/playwright', { reportDir: process.env.FOLDER + '/report' }], ['blob', { outputDir: process.env.FOLDER + '/blob' }]],
};`;

/** Runs Playwright Test with a separate folder for its reports. */
function playwright(name: string, words: readonly string[]) {
  const cli = join(packageRoot, 'node_modules', '@playwright', 'test', 'cli.js');
  const env = { ...process.env, FOLDER: join(folder, name) };
  return spawnSync(process.execPath, [cli, ...words], { cwd: folder, env, encoding: 'utf8' });
}

/** Returns the facts of a results.json that do not depend on real time. */
function factsOf(name: string): unknown {
  const { complete, seed, shard, scenarios }: Results = JSON.parse(
    readFileSync(join(folder, name, 'results.json'), 'utf8'),
  );
  const facts = scenarios.map(({ id, verdict, reason, attempts, registrations }) => ({
    id,
    verdict,
    reason,
    attempts,
    registrations,
  }));
  return { complete, seed, shard, scenarios: facts.toSorted((one, other) => (one.id < other.id ? -1 : 1)) };
}

test('the merged results of a Playwright Test suite in 4 shards equal the results of one run', () => {
  mkdirSync(join(folder, 'scenarios'));
  writeFileSync(join(folder, 'playwright.config.mjs'), config);
  writeFileSync(
    join(folder, 'suite.spec.mjs'),
    `import { scenarioTests } from 'dps-rehearsal/playwright';\nscenarioTests('scenarios/**', { seed: 's' });\n`,
  );
  const { passes, fails, differs } = sampleScenarios;
  for (const [name, text] of Object.entries({ a: passes, b: fails, c: differs, d: passes })) {
    writeFileSync(join(folder, 'scenarios', `${name}.yaml`), text);
  }
  const whole = playwright('whole', ['test']);
  expect([whole.status, whole.stderr]).toEqual([1, '']);
  for (const part of [1, 2, 3, 4]) playwright(`part-${part}`, ['test', '--shard', `${part}/4`]);

  const parts = [1, 2, 3, 4].map((part) => join(`part-${part}`, 'report'));
  const merged = spawnSync(process.execPath, [command, 'merge', ...parts, '--report-dir', 'merged'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([merged.status, merged.stderr]).toEqual([1, '']);
  expect(factsOf('merged')).toEqual(factsOf('whole/report'));

  mkdirSync(join(folder, 'blobs'));
  for (const part of [1, 2, 3, 4]) {
    execFileSync('sh', ['-c', `cp part-${part}/blob/* blobs/`], { cwd: folder });
  }
  const again = playwright('blob-merged', ['merge-reports', 'blobs', '--config', 'playwright.config.mjs']);
  expect(again.stderr).toBe('');
  expect(factsOf('blob-merged/report')).toEqual(factsOf('whole/report'));

  // The `rehearse` command gives the same verdicts as Playwright Test gave before.
  spawnSync(process.execPath, [command, 'run', 'scenarios', '--seed', 's', '--report-dir', 'command'], { cwd: folder });
  expect(factsOf('command')).toEqual(factsOf('whole/report'));
}, 600_000);
