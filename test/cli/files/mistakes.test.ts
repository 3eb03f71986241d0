import { describe, expect, test } from 'vitest';
import { runWarm } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, mistaken } = sampleScenarios;

describe('a mistake on the command line or in a file ends rehearse with exit code 2 before a scenario runs', () => {
  test.each(['run', 'check'])('rehearse %s reports all mistakes of a file, each with its position', async (command) => {
    const outcome = await runWarm({ 'good.yaml': passes, 'bad.yaml': mistaken }, [command, 'good.yaml', 'bad.yaml']);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatchSnapshot('mistakes');
    expect(() => outcome.results()).toThrow('was not written');
  });

  test.each([
    ['a misspelt command', ['rnu'], 'Did you mean run?'],
    ['a misspelt option', ['run', '--gerp', 'x'], 'Did you mean --grep?'],
    ['no command', [], 'Usage: rehearse'],
    ['a missing file', ['run', 'nowhere.yaml'], 'nowhere.yaml'],
    ['a --grep pattern that matches no scenario', ['run', 'good.yaml', '--grep', 'nothing like it'], 'nothing like it'],
    ['an invalid --grep pattern', ['run', 'good.yaml', '--grep', '('], 'regular expression'],
    ['a --shard number above the number of shards', ['run', 'good.yaml', '--shard', '3/2'], 'such as 1/3'],
    ['--workers 0', ['run', 'good.yaml', '--workers', '0'], 'whole number of at least 1'],
    [
      'an unknown reporter',
      ['run', 'good.yaml', '--reporter', 'pdf'],
      'terminal, json, junit, github, markdown, sarif, guide, html',
    ],
    ['an unknown kind of list for rehearse list', ['list', 'stepps'], 'steps, checks, topics, scenarios'],
  ])('%s', async (_what, args, words) => {
    const { exitCode, stdout, stderr } = await runWarm({ 'good.yaml': passes }, args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

test('rehearse check prints mistakes as JSON with --json', async () => {
  const { exitCode, stdout } = await runWarm({ 'bad.yaml': mistaken }, ['check', 'bad.yaml', '--json']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, files: 1, mistakes: [{ file: 'bad.yaml', line: 3 }, {}, {}] });
});

test('rehearse check accepts a valid file', async () => {
  const outcome = await runWarm({ 'good.yaml': passes }, ['check', 'good.yaml']);
  expect(outcome).toMatchObject({ exitCode: 0, stdout: 'no mistakes in 1 file with 1 scenario\n', stderr: '' });
});

test('rehearse check prints the first hundred mistakes and the number of all mistakes', async () => {
  const text = `title: T\ndevices: { it: { attestation: symmetricKey } }\ntimeline:\n${'  - foo-bar: it\n'.repeat(500)}`;
  const { stderr, exitCode } = await runWarm({ 'many.yaml': text }, ['check', 'many.yaml']);
  expect(exitCode).toBe(2);
  // The command prints 99 unknown steps. The hundredth mistake is that no step has an expectation.
  expect(stderr.match(/unknown step "foo-bar"/g)).toHaveLength(99);
  expect(stderr).toContain('… and 401 more; `rehearse check --json` lists them');
  expect(stderr).toContain('501 mistakes in 1 file');
});
