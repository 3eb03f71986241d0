import { rmSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, fails } = sampleScenarios;

test('rehearse merge and rehearse report print the command that repeats the run, and merge writes every requested report', async () => {
  const files = { 'in/a.yaml': passes, 'in/b.yaml': fails, 'in/c.yaml': passes.replace('A key', 'Another') };
  const words = ['--grep', 'A key', '--seed', 's'];
  const first = await runWarm(files, ['run', 'in', ...words, '--shard', '1/2', '--report-dir', 'one']);
  const within = (...args: string[]) => runWarmIn(first.folder, args);
  const again = "run in --grep 'A key'";
  expect(first.stdout).toContain(` ${again} --shard 1/2 --seed s\n`);
  await within('run', 'in', ...words, '--shard', '2/2', '--report-dir', 'two');

  expect((await within('report', 'one', '--as', 'terminal')).stdout).toContain(` ${again} --shard 1/2 --seed s\n`);
  const merged = await within('merge', 'one', 'two', '--reporter', 'github,list:merged.txt');
  expect(merged.exitCode).toBe(1);
  expect(merged.stdout).toMatch(/^::error file=in\/b\.yaml,line=9,.*\n1 of 2 scenarios passed\n$/);
  const list = readFileSync(join(first.folder, 'merged.txt'), 'utf8');
  expect(list).toMatch(/^pass {5}A key lets the device in .*\nFAIL {5}A key keeps the device out /);
  expect(list).toContain(` ${again} --seed s\n`);
  expect(list).not.toContain('--shard');

  // An older results.json does not contain the arguments of the run. So the report prints no command, because the command could run other
  // scenarios.
  const path = join(first.folder, 'rehearsal-report/results.json');
  const { selection, ...older } = JSON.parse(readFileSync(path, 'utf8'));
  expect(selection).toEqual({ paths: ['in'], grep: 'A key' });
  writeFileSync(path, JSON.stringify(older));
  const stored = await within('report', 'rehearsal-report');
  expect(stored.stdout).toMatch(/\nseed {4}s\n$/);
});

test('rehearse run and rehearse merge refuse a report file that cannot be written, before they change the report folder', async () => {
  const first = await runWarm({ 'a.yaml': passes, 'full/x': '' }, ['run', 'a.yaml']);
  expect(first.exitCode).toBe(0);
  const refused = await runWarmIn(first.folder, ['run', 'a.yaml', '--reporter', 'line,junit:full']);
  expect([refused.exitCode, refused.stderr]).toEqual([2, 'error: full is a folder; name a file\n']);
  expect(refused.results().summary.passed).toBe(1);
  rmSync(join(first.folder, 'full'), { recursive: true });
  const { exitCode, stdout, read } = await runWarmIn(first.folder, [
    'run',
    'a.yaml',
    '--reporter',
    'quiet,junit:full,html',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^1 passed in /);
  expect(read('full')).toBe(read('rehearsal-report/junit.xml'));
});
