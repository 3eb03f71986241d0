import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { progressText } from '../../../cli/run/progress/progress-text.ts';
import { command, runInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const progress = { done: 69, total: 381, failed: 2, elapsedMs: 23_000, running: ['a', 'b\u001B'] };

test('the progress line has the elapsed time, an estimate and the number of failures', () => {
  expect(progressText(progress, 80)).toBe('69/381  0:23, about 1:44 left, 2 failed  running a, b\\u001B');
  expect(progressText({ ...progress, elapsedMs: 3_723_000, failed: 0 }, 80)).toMatch(
    /^69\/381 {2}1:02:03, about 4:40:34 left {2}/,
  );
});

test('the progress line has no estimate before the first result, and fits into the terminal', () => {
  expect(progressText({ ...progress, done: 0, failed: 0 }, 80)).toBe('0/381  0:23  running a, b\\u001B');
  const narrow = progressText(progress, 20);
  expect(narrow).toBe('69/381  0:23, abou…');
});

test.skipIf(!existsSync('/usr/bin/script'))(
  'on a terminal, a run prints only its progress and its failures',
  async () => {
    const { passes, fails } = sampleScenarios;
    const { folder } = await runInline({ 'a.yaml': passes, 'b.yaml': fails }, ['check', '.']);
    const line = `"${process.execPath}" "${command}" run . --seed s`;
    const { stdout, status } = spawnSync('/usr/bin/script', ['-qec', line, '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/0\/2 {2}0:0\d {2}running a, b|0\/2 {2}0:0\d {2}running a/);
    expect(stdout).not.toContain('A key lets the device in');
    expect(stdout).toContain('A key keeps the device out');
    expect(stdout).toContain('1 passed');
  },
);
