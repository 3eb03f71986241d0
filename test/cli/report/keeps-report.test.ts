import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes } = sampleScenarios;

describe('the report of the last run', () => {
  test('stays after a mistyped path, a --grep without matches and a mistake in a file', async () => {
    const first = await runWarm({ 'a.yaml': passes, 'bad.yaml': 'title: x: y' }, ['run', 'a.yaml']);
    const report = join(first.folder, 'rehearsal-report');
    const before = readdirSync(report).toSorted();
    for (const args of [['nosuch.yaml'], ['a.yaml', '--grep', 'zzz'], ['bad.yaml']]) {
      const { exitCode } = await runWarmIn(first.folder, ['run', ...args]);
      expect(exitCode).toBe(2);
      expect(readdirSync(report).toSorted()).toEqual(before);
    }
    expect(first.results().summary.passed).toBe(1);
  });

  test('is named at the end of the run by the path of its HTML page', async () => {
    const { stdout } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml']);
    expect(stdout).toContain('report  rehearsal-report/report.html\n');
  });
});

describe('the history of a report folder', () => {
  test('keeps as many runs as --keep states, each with the verdict of each scenario', async () => {
    const { folder } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml', '--keep', '2']);
    writeFileSync(join(folder, 'a.yaml'), sampleScenarios.fails);
    await runWarmIn(folder, ['run', 'a.yaml', '--keep', '2']);
    const { read } = await runWarmIn(folder, ['run', 'a.yaml', '--keep', '2']);
    const history = readdirSync(join(folder, 'rehearsal-report', 'history'));
    expect(history.toSorted()).toEqual(['000002.json', '000003.json']);
    expect(JSON.parse(read('rehearsal-report/history/000003.json'))).toMatchObject({
      complete: true,
      scenarios: { a: ['fail', expect.any(Number)] },
    });
    expect(existsSync(join(folder, 'rehearsal-report', 'report.html'))).toBe(true);
  });

  test('is deleted with --keep 0, and a damaged file in it does not make a run fail', async () => {
    const { folder } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml']);
    const history = join(folder, 'rehearsal-report', 'history');
    writeFileSync(join(history, '000009.json'), '{');
    expect((await runWarmIn(folder, ['run', 'a.yaml'])).exitCode).toBe(0);
    expect((await runWarmIn(folder, ['run', 'a.yaml', '--keep', '0'])).exitCode).toBe(0);
    expect(readdirSync(history)).toEqual([]);
  });
});
