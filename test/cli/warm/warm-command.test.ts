import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runIn } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';
import { runWarm, runWarmIn, startWarm } from './warm-command.ts';

const { passes, fails, mistaken } = sampleScenarios;

/** Removes durations, which differ in each run. */
const timeless = (text: string): string => text.replaceAll(/\d+\.\d+ s\b/g, '… s');

describe('a command has the same exit code and output in a process that ran earlier commands as in its own process:', () => {
  // All commands use these folders, because later commands read the files of earlier commands.
  const folders = ['own', 'warm'].map(() => mkdtempSync(join(tmpdir(), 'rehearse-test-')));
  for (const folder of folders) {
    writeFileSync(join(folder, 'a.yaml'), passes);
    writeFileSync(join(folder, 'b.yaml'), fails);
    writeFileSync(join(folder, 'bad.yaml'), mistaken);
  }
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  test.each([
    ['run', ['run', 'a.yaml', 'b.yaml', '--seed', 's', '--shard', '1/1']],
    ['run with a mistake', ['run', 'bad.yaml']],
    ['check', ['check', '.']],
    ['merge', ['merge', 'rehearsal-report', '--report-dir', 'whole']],
    ['compare', ['compare', 'whole', 'rehearsal-report']],
    ['report', ['report', 'rehearsal-report', '--as', 'markdown']],
    ['explain', ['explain', 'b', '--from', 'rehearsal-report/runs/b/run.json']],
    ['audit verify', ['audit', 'verify', 'a.yaml']],
    ['matrix with a mistake', ['matrix', '--attestation', 'tpn']],
    ['serve without a file', ['serve', 'nowhere.yaml']],
  ])('%s', async (_, args) => {
    const outcomes = [];
    for (const [place, run] of [runIn, runWarmIn].entries()) {
      const { exitCode, stdout, stderr } = await run(folders[place] ?? '', args);
      outcomes.push({ exitCode, stdout: timeless(stdout), stderr: timeless(stderr) });
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(`${outcomes[0]?.stdout}${outcomes[0]?.stderr}`).not.toBe('');
  });
});

describe('a command in a process that ran earlier commands', () => {
  test('gets its own environment variables and folder, and the next command does not get them', async () => {
    const { read } = await runWarm({ 'a.yaml': fails }, ['run', 'a.yaml', '--reporter', 'github'], {
      GITHUB_STEP_SUMMARY: 'summary.md',
    });
    expect(read('summary.md')).toContain('1 failed');
    const next = await runWarm({ 'b.yaml': fails }, ['run', '--reporter', 'github', 'b.yaml']);
    expect(() => next.read('summary.md')).toThrow('was not written');
  });

  test('runs at the same time as another command, and ends after a signal', async () => {
    const words = ['studio', '--json', '.'];
    const [one, other] = [startWarm({ 'a.yaml': passes }, words), startWarm({ 'a.yaml': passes }, words)];
    const pages = [await one.printed('\n'), await other.printed('\n')];
    expect(pages[0]).not.toBe(pages[1]);
    for (const started of [one, other]) {
      started.signal('SIGTERM');
      expect((await started.ended).exitCode).toBe(0);
    }
  });

  test('has no exit code after SIGKILL, and the next command has its own exit code', async () => {
    const started = startWarm({ 'a.yaml': passes }, ['studio', '--json', '.']);
    await started.printed('\n');
    started.signal('SIGKILL');
    expect((await started.ended).exitCode).toBeNull();
    expect((await runWarm({ 'a.yaml': passes }, ['check', '.'])).exitCode).toBe(0);
  });
});
