import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { markdownReport } from '../../reports/markdown.ts';
import { samplePlayback, sampleView } from '../reports/sample-playback.ts';
import { command } from './run-inline.ts';
import { runWarmIn } from './warm/warm-command.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples', 'ci');
const scenario = (title: string): string => `title: ${title}
devices:
  meter: { attestation: symmetricKey }
timeline:
  - enroll: meter
  - install-key: meter
  - power-on: meter
    expect: { assigned: hub-eu }
`;

/** Returns every shell script of a workflow, in order. */
function scriptsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([word, inner]) => {
    const isScript = word === 'run' || word === 'script';
    if (isScript && typeof inner === 'string') return [inner];
    return isScript && Array.isArray(inner) ? inner.map(String) : scriptsIn(inner);
  });
}

/** Replaces the variables of a CI service by their values, for one of four shards. */
function filledIn(script: string, part: number, folder: string): string {
  return script
    .replaceAll('${{ matrix.shard }}', String(part))
    .replaceAll('${{ github.run_id }}', '4711')
    .replaceAll('$(System.JobPositionInPhase)', String(part))
    .replaceAll('$(System.TotalJobsInPhase)', '4')
    .replaceAll('$(Build.BuildId)', '4711')
    .replaceAll('$(Build.SourcesDirectory)', folder)
    .replaceAll('$(Pipeline.Workspace)', folder);
}

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-ci-'));
  folders.push(folder);
  return folder;
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Writes a script that replaces a program of the CI service, such as `gh`. */
function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/**
 * Creates a project with four scenarios, in which `npx dps-rehearsal` works as in an installed package, and `recorded/npx` writes its
 * arguments to a file.
 */
function project(): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'scenarios'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder, 'scenarios', `${name}.yaml`), scenario(name));
  mkdirSync(join(folder, 'recorded'));
  writeProgram(join(folder, 'bin', 'npx'), `shift\nexec "${process.execPath}" "${command}" "$@"`);
  writeProgram(join(folder, 'recorded', 'npx'), `shift\nprintf '%s\\n' "$@" > asked-npx`);
  return folder;
}

/** Runs a script of a workflow in a project, as the CI machine of one shard does, and returns its exit code. */
function run(folder: string, script: string, part: number, programs = 'bin'): number {
  const env = {
    ...process.env,
    PATH: `${join(folder, programs)}:${process.env['PATH']}`,
    CI_NODE_INDEX: String(part),
    CI_NODE_TOTAL: '4',
    CI_PIPELINE_ID: '4711',
  };
  const done = spawnSync('bash', ['-ec', filledIn(script, part, folder)], { cwd: folder, env, encoding: 'utf8' });
  if (done.status !== 0 && done.status !== 4) throw new Error(`${script}\n${done.stdout}${done.stderr}`);
  return done.status;
}

/**
 * Does the same as `run` for a script that only calls `npx dps-rehearsal`. The shell expands the arguments, and a process that stays for
 * the next command runs `rehearse`.
 */
async function runCall(folder: string, script: string, part: number): Promise<number> {
  expect(run(folder, script, part, 'recorded')).toBe(0);
  const words = readFileSync(join(folder, 'asked-npx'), 'utf8').trimEnd().split('\n');
  const { exitCode, stdout, stderr } = await runWarmIn(folder, words);
  if (exitCode !== 0 && exitCode !== 4) throw new Error(`${script}\n${stdout}${stderr}`);
  return exitCode;
}

let madeBaseline: string | undefined;

/** Returns the baseline of these scenarios, which is the same for every CI service. */
async function baseline(): Promise<string> {
  if (madeBaseline === undefined) {
    const folder = project();
    await runCall(folder, 'npx dps-rehearsal run scenarios --baseline kept.json --update-baseline', 1);
    madeBaseline = readFileSync(join(folder, 'kept.json'), 'utf8');
  }
  return madeBaseline;
}

// The steps of each CI service are separate tests, because each test has its own time limit.
describe.each(['github-actions.yml', 'gitlab-ci.yml', 'azure-pipelines.yml'])('the CI example %s', (name) => {
  const scripts = scriptsIn(parse(readFileSync(join(examples, name), 'utf8')));
  const commands = scripts.filter((script) => script.startsWith('npx dps-rehearsal '));
  const [play = '', merge = '', ...rest] = commands;
  let folder = '';

  test('runs each part (shard) of the suite with exit code 0', async () => {
    folder = project();
    writeFileSync(join(folder, 'rehearsal-baseline.json'), await baseline());
    expect([play, merge].map((script) => script.split(' ')[2])).toEqual(['run', 'merge']);
    expect(play).toContain('--shard');
    for (const part of [1, 2, 3]) expect(await runCall(folder, play, part)).toBe(0);
    // The shell runs the whole command for one shard only, because a new process for each shard would take longer.
    expect(run(folder, play, 4)).toBe(0);
  });

  test('merges the reports of the parts into one report, which matches the baseline', async () => {
    expect(await runCall(folder, merge, 1)).toBe(0);
    const { summary } = JSON.parse(readFileSync(join(folder, 'rehearsal-report', 'results.json'), 'utf8'));
    expect(summary).toMatchObject({ total: 4, passed: 4 });
  });

  test('fails if a scenario was removed, and reports the removed scenario', async () => {
    const other = (await baseline()).replace('scenarios/a"', 'scenarios/once"');
    writeFileSync(join(folder, 'rehearsal-baseline.json'), other);
    expect(await runCall(folder, merge, 1)).toBe(4);
    // The previous step of the workflow has failed. The remaining steps must pass, so that the pull request gets a comment with the reason.
    expect(rest.map((script) => run(folder, script, 1))).toEqual(rest.map(() => 0));
    if (rest.length > 0) expect(readFileSync(join(folder, 'comment.md'), 'utf8')).toContain('scenario removed');
  });
});

test('the comment on a pull request is created once and then replaced', () => {
  const scripts = scriptsIn(parse(readFileSync(join(examples, 'github-actions.yml'), 'utf8')));
  const comment = scripts.find((script) => script.includes('gh api')) ?? '';
  expect(comment).toContain(
    `"${markdownReport.onEnd(samplePlayback, sampleView).split('\n')[0]?.replaceAll('"', '\\"')}"`,
  );
  const folder = newFolder();
  // This `gh` answers a search with the IDs in the file `ids`, and records every other request.
  writeProgram(join(folder, 'gh'), 'case "$*" in *--paginate*) cat ids ;; *) echo "$*" >> asked ;; esac');
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, GITHUB_REPOSITORY: 'a/b', PR: '7' };
  for (const ids of ['', '11\n12\n']) {
    writeFileSync(join(folder, 'ids'), ids);
    execFileSync('bash', ['-e', '-o', 'pipefail', '-c', comment], { cwd: folder, env });
  }
  expect(readFileSync(join(folder, 'asked'), 'utf8').split('\n')).toEqual([
    'pr comment 7 --body-file comment.md',
    'api -X PATCH repos/a/b/issues/comments/11 -F body=@comment.md',
    '',
  ]);
});
