import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleScenarios } from '../sample-scenarios.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';

const { passes, fails } = sampleScenarios;

test('a folder also means the scenario files and folders in it that are symbolic links', async () => {
  const files = { 'suite/a.yaml': passes, 'shared/b.yaml': fails, 'more/c.yaml': fails };
  const { folder } = await runWarm(files, ['check', 'suite']);
  symlinkSync('../shared/b.yaml', join(folder, 'suite/b.yaml'));
  symlinkSync('../more', join(folder, 'suite/more'));
  symlinkSync('../../suite', join(folder, 'more/circle'));
  symlinkSync('itself', join(folder, 'suite/itself'));
  const outcome = await runWarmIn(folder, ['run', 'suite']);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.results().scenarios.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'suite/a pass',
    'suite/b fail',
    'suite/more/c fail',
  ]);
});

test('an entry of a folder that has the name of a scenario file and cannot be read is a mistake', async () => {
  const { folder } = await runWarm({ 'suite/a.yaml': passes }, ['check', 'suite']);
  symlinkSync('gone', join(folder, 'suite/b.yaml'));
  symlinkSync('c.yaml', join(folder, 'suite/c.yaml'));
  spawnSync('mkfifo', [join(folder, 'suite/d.yaml')]);
  const { exitCode, stderr } = await runWarmIn(folder, ['run', 'suite']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/suite\/b\.yaml {2}the file cannot be read: there is no such file or folder/);
  expect(stderr).toMatch(/suite\/c\.yaml {2}the file cannot be read: its symbolic links form a loop/);
  expect(stderr).toMatch(/suite\/d\.yaml {2}the file cannot be read: it is a named pipe/);
});

test('a backslash in a name stays, and the printed command for a name that begins with a dash works', async () => {
  const { folder } = await runWarm({ 'in/a.yaml': passes, 'in\\a.yaml': fails, '-b.yaml': fails }, ['check', 'in']);
  const outcome = await runWarmIn(folder, ['run', 'in', 'in\\a.yaml', '--', '-b.yaml']);
  expect(outcome.results().scenarios.map(({ file, verdict }) => `${file} ${verdict}`)).toEqual([
    '-b.yaml fail',
    'in/a.yaml pass',
    'in\\a.yaml fail',
  ]);
  expect(outcome.stdout).toContain('re-run    npx dps-rehearsal run ./-b.yaml --seed');
  expect(outcome.stdout).toContain("run in 'in\\a.yaml' ./-b.yaml --seed");
});
