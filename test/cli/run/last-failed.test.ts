import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, fails, differs, tpm } = sampleScenarios;

test('--last-failed runs only the scenarios that did not pass in the last run, with the seeds of that run', async () => {
  const none = await runWarm({ 'a.yaml': passes, 'b.yaml': differs, 'c.yaml': fails }, ['run', '--last-failed']);
  expect([none.exitCode, none.stderr]).toEqual([
    2,
    'error: --last-failed needs the results of an earlier run, and there is no rehearsal-report/results.json; run without --last-failed first\n',
  ]);
  const within = (...args: string[]) => runWarmIn(none.folder, args);
  await within('run', '.', '--seed', 'one');
  const again = await within('run', '--last-failed');
  expect([again.exitCode, again.stderr]).toEqual([1, '']);
  expect(again.results().scenarios.map(({ id, seed }) => [id, seed])).toEqual([
    ['b#wrong', 'one'],
    ['c', 'one'],
  ]);
  expect(again.stdout).toContain("run b.yaml c.yaml --grep '^(b#wrong|c) ' --seed one\n");

  writeFileSync(
    join(none.folder, 'b.yaml'),
    differs.replace('{ refused: enrollment-enabled }', '{ assigned: hub-eu }'),
  );
  writeFileSync(join(none.folder, 'c.yaml'), passes);
  expect(await within('run', '.', '--last-failed')).toMatchObject({ exitCode: 0 });
  const done = await within('run', '--last-failed');
  expect([done.exitCode, done.stdout]).toEqual([
    0,
    'no scenario to run: the last run, in rehearsal-report, had 2 scenarios and each passed\n',
  ]);
  expect(done.results().summary).toMatchObject({ total: 2, passed: 2 });
});

test('--last-failed runs a scenario that the last run skipped', async () => {
  const env = { CI: '1', PATH: '/nowhere' };
  const first = await runWarm({ 'a.yaml': passes, 'b.yaml': tpm }, ['run', '.'], env);
  expect(first.results().summary).toMatchObject({ passed: 1, skipped: 1 });
  const again = await runWarmIn(first.folder, ['run', '--last-failed'], env);
  expect(again.exitCode).toBe(3);
  expect(again.results().scenarios.map(({ id, verdict }) => [id, verdict])).toEqual([['b', 'skipped']]);
});

test('--last-failed does not exit with 0 after an inconclusive run in which each scenario passed', async () => {
  const first = await runWarm({ 'a.yaml': passes }, ['run', '.']);
  const file = join(first.folder, 'rehearsal-report', 'results.json');
  writeFileSync(file, JSON.stringify({ ...first.results(), troubles: ['a worker ended with signal SIGKILL'] }));
  const again = await runWarmIn(first.folder, ['run', '--last-failed']);
  expect([again.exitCode, again.stderr]).toEqual([
    2,
    'error: the last run in rehearsal-report was inconclusive, and each of its scenarios passed; run without --last-failed\n',
  ]);
});

test('--max-failures stops the run, and the remaining scenarios get the verdict unknown', async () => {
  const files = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.yaml`, name === 'b' ? fails : passes]),
  );
  const outcome = await runWarm(files, ['run', '.', '--max-failures', '1', '--workers', '1', '--reporter', 'quiet']);
  expect([outcome.exitCode, outcome.stderr]).toEqual([1, 'stopped after 1 failure (--max-failures 1)\n']);
  expect(outcome.results()).toMatchObject({ complete: false, summary: { passed: 1, failed: 1, unknown: 4 } });
  expect(outcome.stdout).toContain('UNKNOWN  4 scenarios did not run: the run ended before them\n');
  expect(outcome.stdout).toContain('1 failed, 4 unknown, 1 passed in ');
});
