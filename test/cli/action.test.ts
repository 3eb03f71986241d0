import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { sampleScenarios } from './sample-scenarios.ts';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'action.yml'), 'utf8');
const action = parse(text) as Action;

/** A project, and what the steps of the action did in this project. */
interface Followed {
  readonly folder: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Calls of `npm`, `sudo` and `gh`, which this test replaces. */
  readonly calls: readonly string[];
  readonly steps: readonly string[];
}

/** Runs the steps of the action in a project, with the package of this checkout, as a GitHub runner does. */
function follow(files: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}): Followed {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-action-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  mkdirSync(join(folder, 'bin'));
  for (const program of ['npm', 'sudo', 'gh']) {
    writeFileSync(join(folder, 'bin', program), `#!/bin/sh\necho "${program} $*" >> "${folder}/calls"\n`);
    chmodSync(join(folder, 'bin', program), 0o755);
  }
  const known: Record<string, string> = {
    'github.action_path': root,
    'github.token': 'token',
    'github.event_name': 'pull_request',
    'github.event.number': '7',
  };
  for (const [name, input] of Object.entries(action.inputs)) known[`inputs.${name}`] = filled(input.default, known);
  for (const [name, value] of Object.entries(inputs)) known[`inputs.${name}`] = value;
  let exitCode = 0;
  let stdout = '';
  const done: string[] = [];
  for (const step of action.runs.steps) {
    if (!isWanted(step.if, known, exitCode)) continue;
    done.push(step.name ?? step.uses ?? '');
    if (step.run === undefined) continue;
    writeFileSync(join(folder, 'outputs'), '');
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, known)]));
    // GitHub starts bash in this way (docs of `jobs.<job_id>.steps[*].shell`).
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
        GITHUB_OUTPUT: join(folder, 'outputs'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_REPOSITORY: 'a/b',
        RUNNER_TEMP: folder,
        ...env,
      },
    });
    stdout += ended.stdout + ended.stderr;
    for (const row of readFileSync(join(folder, 'outputs'), 'utf8').split('\n').filter(Boolean)) {
      known[`steps.${step.id}.outputs.${row.slice(0, row.indexOf('='))}`] = row.slice(row.indexOf('=') + 1);
    }
    if (ended.status !== 0 && step['continue-on-error'] !== true) exitCode ||= ended.status ?? 1;
  }
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, known)]),
  );
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
  return { folder, exitCode, stdout, outputs, calls, steps: done };
}

function filled(value: string, known: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => known[name] ?? '');
}

/** Evaluates a condition of the form `a == 'x' && b != ''`. A step without a condition runs if no earlier step has failed. */
function isWanted(condition: string | undefined, known: Readonly<Record<string, string>>, exitCode: number): boolean {
  if (condition === undefined) return exitCode === 0;
  const parts = condition.replaceAll(/^\$\{\{ | \}\}$/g, '').split(' && ');
  if (!parts.includes('!cancelled()') && exitCode !== 0) return false;
  return parts.every((part) => {
    if (part === '!cancelled()') return true;
    const [, name = '', sign, value] = /^([\w.-]+) (==|!=) '(.*)'$/.exec(part) ?? [];
    if (sign === undefined) throw new Error(`the test does not know the condition ${part}`);
    return ((known[name] ?? '') === value) === (sign === '==');
  });
}

test('the GitHub action declares, documents and uses every input, and pins other actions to a commit', () => {
  const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
  expect(used).toEqual(new Set(Object.keys(action.inputs)));
  const page = readFileSync(join(root, 'docs', 'ci.md'), 'utf8');
  for (const name of Object.keys(action.inputs)) expect(page).toContain(`| \`${name}\` |`);
  for (const { uses, run } of action.runs.steps) {
    if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
    // An input inside a script could contain shell commands.
    expect(run ?? '').not.toContain('${{');
  }
});

test('the GitHub action ends with 0 after a passing run, uploads the report and makes a comment', () => {
  const done = follow({ 'scenarios/a.yaml': sampleScenarios.passes });
  expect([done.exitCode, done.outputs]).toEqual([0, { 'exit-code': '0', 'report-dir': 'rehearsal-report' }]);
  expect(done.calls).toEqual([
    'sudo apt-get update',
    expect.stringContaining('sudo apt-get install -y swtpm '),
    expect.stringMatching(/^npm ci --include=dev .*--prefix /),
    expect.stringContaining('gh api repos/a/b/issues/7/comments'),
    expect.stringContaining('gh pr comment 7 --repo a/b --body-file'),
  ]);
  expect(readFileSync(join(done.folder, 'rehearsal-comment.md'), 'utf8')).toContain('## Rehearsal: 1 passed');
  expect(readFileSync(join(done.folder, 'summary.md'), 'utf8')).toContain('## Rehearsal: 1 passed');
  expect(existsSync(join(done.folder, 'rehearsal-report', 'report.html'))).toBe(true);
  expect(done.steps.at(-1)).toContain('upload-artifact');
});

test('the GitHub action ends with 1 after a failed run, and still makes annotations, SARIF, comment and upload', () => {
  const inputs = { paths: 'one two', sarif: 'out.sarif', arguments: '--seed 5', 'install-programs': 'false' };
  const done = follow({ 'one/a.yaml': sampleScenarios.fails, 'two/b.yaml': sampleScenarios.passes }, inputs);
  expect(done.exitCode).toBe(1);
  expect(done.stdout).toContain('::error file=one/a.yaml,');
  expect(JSON.parse(readFileSync(join(done.folder, 'out.sarif'), 'utf8'))).toMatchObject({
    runs: [{ results: [{ ruleId: 'expectation' }], properties: { seed: '5' } }],
  });
  expect(done.calls.some((call) => call.startsWith('sudo'))).toBe(false);
  expect(done.steps.at(-1)).toContain('upload-artifact');
});

test('the GitHub action ends with 4 after a regression; after a mistake in a file, it ends with 2 and makes no comment', () => {
  const files = { 'scenarios/a.yaml': sampleScenarios.passes };
  const written = follow(files, { baseline: 'kept.json', arguments: '--update-baseline', comment: 'false' });
  expect(written.exitCode).toBe(0);
  const kept = readFileSync(join(written.folder, 'kept.json'), 'utf8').replaceAll('hub-eu', 'hub-us');
  const worse = follow({ ...files, 'kept.json': kept }, { baseline: 'kept.json' });
  expect(worse.exitCode).toBe(4);
  expect(readFileSync(join(worse.folder, 'rehearsal-comment.md'), 'utf8')).toContain('**1 regression.**');
  const missing = follow(files, { paths: 'nowhere' });
  expect(missing.exitCode).toBe(2);
  expect(existsSync(join(missing.folder, 'rehearsal-report'))).toBe(false);
});
