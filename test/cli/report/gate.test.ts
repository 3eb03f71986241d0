import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleScenarios } from '../sample-scenarios.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';

const meter = (outcome: string, more = ''): string => `title: A meter with its own key
covers: [symmetric-key-individual]
devices:
  meter: { attestation: symmetricKey }
timeline:
  - enroll: meter
  - install-key: meter
${more}  - power-on: meter
    expect: { ${outcome} }
`;
const assigned = meter('assigned: hub-eu');
const disabled = meter('refused: enrollment-enabled', '  - disable-enrollment: meter\n');

describe('rehearse run --baseline', () => {
  test('writes a baseline, exits 0 for an unchanged result, and exits 4 for a changed result', async () => {
    const files = { 'a.yaml': assigned, 'b.yaml': disabled };
    const first = await runWarm(files, ['run', '.', '--baseline', 'kept.json', '--update-baseline']);
    expect([first.exitCode, first.stderr]).toEqual([0, 'baseline kept.json written\n']);
    const same = await runWarmIn(first.folder, ['run', '.', '--baseline', 'kept.json', '--slower-than', '50']);
    expect([same.exitCode, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toContain('no regression\n');

    // Both runs pass, because the test changes the device and the expectation together.
    const changed = { ...files, 'a.yaml': disabled, 'kept.json': first.read('kept.json') };
    const worse = await runWarm(changed, ['run', '.', '--baseline', 'kept.json']);
    expect(worse.exitCode).toBe(4);
    expect(worse.stdout).toContain('meter was assigned to hub-eu and is refused by enrollment-enabled');
    const part = await runWarmIn(worse.folder, ['run', '.', '--baseline', 'kept.json', '--grep', '^b ']);
    expect(part.exitCode).toBe(0);
  });

  test('ignores a known failure, and reports a new failure', async () => {
    const wrong = meter('refused: enrollment-found');
    const first = await runWarm({ 'a.yaml': wrong }, ['run', '.', '--baseline', 'kept.json', '--update-baseline']);
    expect(first.exitCode).toBe(1);
    const known = await runWarmIn(first.folder, ['run', '.', '--baseline', 'kept.json']);
    expect(known.exitCode).toBe(0);
    const files = { 'a.yaml': wrong, 'b.yaml': wrong, 'kept.json': first.read('kept.json') };
    expect((await runWarm(files, ['run', '.', '--baseline', 'kept.json'])).exitCode).toBe(1);
  });

  test('a known failure does not hide a new scenario without a conclusive verdict', async () => {
    const wrong = meter('refused: enrollment-found');
    const options = ['run', '.', '--baseline', 'kept.json'];
    const first = await runWarm({ 'a.yaml': wrong }, [...options, '--update-baseline']);
    const files = { 'a.yaml': wrong, 'b.yaml': sampleScenarios.tpm, 'kept.json': first.read('kept.json') };
    const env = { CI: '1', PATH: '/nowhere' };
    const second = await runWarm(files, options, env);
    expect(second.results().summary).toMatchObject({ failed: 1, skipped: 1 });
    expect(second.exitCode).toBe(3);
    const stored = await runWarmIn(second.folder, ['report', 'rehearsal-report', '--baseline', 'kept.json']);
    expect(stored.exitCode).toBe(3);
  });

  test('compares the result of a moved file with its result before the move', async () => {
    const wrong = meter('refused: enrollment-found');
    const files = { 'a.yaml': assigned, 'b.yaml': wrong };
    const first = await runWarm(files, ['run', '.', '--baseline', 'kept.json', '--update-baseline']);
    const moved = { 'in/a.yaml': assigned, 'in/b.yaml': wrong, 'kept.json': first.read('kept.json') };
    const second = await runWarm(moved, ['run', '.', '--baseline', 'kept.json']);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toMatch(/no regression\n2 other differences\n\s+moved\s+a → in\/a\n\s+moved\s+b → in\/b\n/);
  });

  test('compares a variant with its former result after a change of its matrix value, and gives the reason', async () => {
    const expiry = (validity: string): string => `title: A certificate in the warehouse
covers: [warehouse-delay]
pki:
  our-root: { validity: P20Y }
cloud:
  enrollmentGroups:
    ours: { x509: { ca: our-root } }
devices:
  valve: { attestation: x509 }
matrix:
  - validity: P3Y
  - validity: ${validity}
timeline:
  - issue-certificate: { device: valve, from: our-root, validity: "\${validity}" }
  - package: valve
  - power-on: valve
    after: P11M
    expect: { assigned: hub-eu }
`;
    const options = ['run', '.', '--baseline', 'kept.json'];
    const first = await runWarm({ 'a.yaml': expiry('P2Y') }, [...options, '--update-baseline']);
    expect([first.exitCode, first.stderr]).toEqual([0, 'baseline kept.json written\n']);
    const changed = { 'a.yaml': expiry('P10M'), 'kept.json': first.read('kept.json') };
    const worse = await runWarm(changed, options);
    expect(worse.exitCode).toBe(4);
    expect(worse.stdout).toMatch(
      /1 regression\n {2}variant changed +a#validity-p10m validity P2Y → P10M: assigned → refused \(certificate expired 3\d days before\); verdict pass → fail\n/,
    );
    expect(worse.stdout).not.toMatch(/was removed|is new/);

    // The reports for CI contain the same sentence, with the title, the reason, the line and a link to the report.
    const github = {
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'a/b',
      GITHUB_RUN_ID: '77',
      GITHUB_SHA: 'c0ffee0123456789',
      GITHUB_WORKSPACE: worse.folder,
    };
    const sentence = /validity P2Y → P10M: assigned → refused \(certificate expired 3\d days before\)/;
    const [annotations, comment] = await Promise.all([
      runWarmIn(worse.folder, ['report', 'rehearsal-report', '--as', 'github', '--baseline', 'kept.json'], github),
      runWarmIn(
        worse.folder,
        [
          'report',
          'rehearsal-report',
          '--as',
          'markdown',
          '--baseline',
          'kept.json',
          '--report-url',
          'https://x.example/r/',
        ],
        github,
      ),
    ]);
    expect([annotations.exitCode, comment.exitCode]).toEqual([4, 4]);
    const annotation = annotations.stdout.split('\n').find((line) => line.includes('title=regression')) ?? '';
    expect(annotation).toMatch(sentence);
    expect(annotation).toContain(
      'file=a.yaml,line=18,title=regression from the baseline%3A A certificate in the warehouse',
    );
    expect(annotation).toContain('(report: https://github.example/a/b/actions/runs/77)');
    expect(comment.stdout).toMatch(sentence);
    expect(comment.stdout).toContain('[report](https://x.example/r/) · commit c0ffee012345 · ');
    expect(comment.stdout).toContain('[a.yaml:18](https://github.example/a/b/blob/c0ffee0123456789/a.yaml#L18)');
    expect(comment.stdout).toContain('[report](https://x.example/r/#scenario/a%23validity-p10m)');
    expect(comment.stdout).toMatch(
      /<summary>fail: A certificate in the warehouse .*: valve: refused by certificate-valid-now: expired/,
    );

    // Each report prints the command that accepts the change. The test then runs this command.
    const accept = 'npx dps-rehearsal run . --baseline kept.json --update-baseline';
    for (const { stdout } of [worse, annotations, comment]) {
      expect(stdout).toMatch(new RegExp(`accept it and commit the file: \`*${accept.replaceAll('.', '\\.')}\`*\\n`));
    }
    await runWarmIn(worse.folder, accept.split(' ').slice(2));
    const after = await runWarmIn(worse.folder, options);
    expect(after.exitCode).toBe(0);
    expect(after.stdout).toContain('no regression\n');
    expect(after.stdout).not.toContain('accept it');
  });

  test('prints a command with --update-baseline only if this command runs the whole suite', async () => {
    const files = { 'a.yaml': assigned, 'b.yaml': assigned };
    const first = await runWarm(files, ['run', '.', '--baseline', 'kept.json', '--update-baseline']);
    const changed = { 'a.yaml': disabled, 'b.yaml': assigned, 'kept.json': first.read('kept.json') };
    const part = await runWarm(changed, ['run', '.', '--baseline', 'kept.json', '--grep', '^a ']);
    expect(part.exitCode).toBe(4);
    // The printed command runs the whole suite, although this run had only a part of the suite.
    expect(part.stdout).toContain('npx dps-rehearsal run . --baseline kept.json --update-baseline\n');
    const stored = await runWarmIn(part.folder, ['report', 'rehearsal-report', '--baseline', 'kept.json']);
    expect(stored.stdout).not.toContain('--update-baseline');
  });

  test('refuses a --report-url that is not an http or https address', async () => {
    const { exitCode, stderr } = await runWarm({ 'a.yaml': assigned }, ['run', '--report-url', 'javascript:alert(1)']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Expected an address that begins with https:// or http://.');
  });

  test.each([
    [['--baseline', 'none.json'], 'there is no baseline none.json yet; write it with --update-baseline'],
    [['--baseline', 'a.yaml'], 'a.yaml cannot be read: '],
    [['--baseline', 'odd.json'], 'odd.json is neither a baseline nor a results.json of this version of rehearse'],
    [['--update-baseline'], '--update-baseline needs --baseline FILE'],
    [['--slower-than', '2'], '--slower-than needs --baseline FILE'],
    [['--baseline', 'x', '--update-baseline', '--grep', 'a'], 'remove --grep, --shard and --last-failed'],
    [['--baseline', 'x', '--sabotage', 'enrollment-found'], 'remove --baseline'],
  ])('refuses the options %j before it runs a scenario', async (words, sentence) => {
    const outcome = await runWarm({ 'a.yaml': assigned, 'odd.json': '{"a":1}' }, ['run', '.', ...words]);
    expect([outcome.exitCode, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toContain(`error: ${sentence}`.slice(0, 7));
    expect(outcome.stderr).toContain(sentence);
  });
});

test('rehearse merge makes one report from two parts of a run (shards), and the commands compare, report and explain can read this report', async () => {
  const files = { 'a.yaml': assigned, 'b.yaml': disabled };
  const one = await runWarm(files, ['run', '.', '--shard', '1/2', '--report-dir', 'one', '--seed', 's']);
  expect(one.exitCode).toBe(0);
  const within = (...words: string[]) => runWarmIn(one.folder, words);
  const half = await within('merge', 'one', '--report-dir', 'whole');
  expect([half.exitCode, half.stderr]).toEqual([2, 'error: shard 2/2 is missing; give the folders of all 2\n']);
  await within('run', '.', '--shard', '2/2', '--report-dir', 'two', '--seed', 's');
  expect((await within('merge', 'one', 'one')).stderr).toMatch(/is in one and in one; give each shard once/);
  const whole = await within('merge', 'one', 'two', '--report-dir', 'whole');
  expect([whole.exitCode, whole.stderr]).toEqual([0, '']);
  expect(whole.stdout).toContain('2 passed');

  // The merged report has the same results as the report of a run without shards.
  const written = ['--baseline', 'kept.json', '--update-baseline'];
  await within('run', '.', '--report-dir', 'at-once', '--seed', 's', ...written);
  expect(await within('compare', 'at-once', 'whole')).toMatchObject({ exitCode: 0, stdout: 'no regression\n' });
  expect(await within('compare', 'at-once', 'one')).toMatchObject({ exitCode: 4 });
  const kept = readFileSync(join(one.folder, 'kept.json'), 'utf8');
  writeFileSync(join(one.folder, 'other.json'), kept.replace('"hub-eu"', '"hub-us"'));
  const held = (file: string, ...words: string[]) => within(...words, '--baseline', file);
  expect((await held('kept.json', 'merge', 'one', 'two', '--report-dir', 'whole')).exitCode).toBe(0);
  const closed = await held('other.json', 'merge', 'one', 'two', '--report-dir', 'whole');
  expect([closed.exitCode, closed.stderr]).toEqual([4, '']);
  expect(closed.stdout).toContain('a meter was assigned to hub-us and is assigned to hub-eu');
  const comment = await held('other.json', 'report', 'whole', '--as', 'markdown');
  expect([comment.exitCode, comment.stderr]).toEqual([4, '']);
  expect(comment.stdout).toContain(
    '| **outcome** | A meter with its own key<br>a.yaml:1 | meter was assigned to hub-us and is assigned to hub-eu |',
  );
  // The command compares a shard only with the baseline results of the scenarios in this shard.
  expect((await held('kept.json', 'report', 'one')).exitCode).toBe(0);
  expect((await held('none.json', 'merge', 'one', 'two')).stderr).toMatch(
    /^error: there is no baseline none\.json yet/,
  );
  const ids = (folder: string): readonly string[] =>
    JSON.parse(readFileSync(join(one.folder, folder, 'results.json'), 'utf8')).scenarios.map(
      ({ id }: { id: string }) => id,
    );
  expect(ids('whole')).toEqual(ids('at-once').toSorted());

  const markdown = await within('report', 'whole', '--as', 'markdown');
  expect([markdown.exitCode, markdown.stderr]).toEqual([0, '']);
  expect(markdown.stdout).toContain('## Rehearsal: 2 passed');
  const explained = await within('explain', 'b', '--from', 'whole/runs/b/run.json');
  expect([explained.exitCode, explained.stderr]).toEqual([0, '']);
  expect(explained.stdout).toContain('DPS rejects at check ');
  expect(explained.stdout).toContain('enrollment-enabled');
  expect(await within('explain', 'a', '--from', 'whole/runs/b/run.json')).toMatchObject({ exitCode: 2 });
  expect(await within('explain', 'a.yaml')).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await within('report', 'a.yaml')).stderr).toMatch(/^error: a.yaml cannot be read/);
});

test('rehearse merge accepts the results.json of a part, and refuses a target that is a part under another name', async () => {
  const { folder } = await runWarm({ 'a.yaml': assigned, 'b.yaml': disabled }, [
    'run',
    '.',
    '--shard',
    '1/2',
    '--report-dir',
    'one',
    '--seed',
    's',
  ]);
  const within = (...words: string[]) => runWarmIn(folder, words);
  await within('run', '.', '--shard', '2/2', '--report-dir', 'two', '--seed', 's');
  const whole = await within('merge', 'one/results.json', 'two', '--report-dir', 'whole');
  expect([whole.exitCode, whole.stderr]).toEqual([0, '']);
  expect(await within('report', 'whole')).toMatchObject({ exitCode: 0, stderr: '' });

  symlinkSync('one', join(folder, 'same'));
  for (const words of [
    ['one/results.json', 'two', '--report-dir', 'one'],
    ['same', 'two', '--report-dir', 'one'],
    ['one', 'two', '--report-dir', 'same'],
  ]) {
    const refused = await within('merge', ...words);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('is one of the folders to merge; choose another folder with --report-dir\n');
  }
  expect(await within('report', 'one')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('in GitHub Actions, a run prints annotations and appends its summary to the file that `GITHUB_STEP_SUMMARY` names', async () => {
  const outcome = await runWarm(
    { 'a.yaml': meter('refused: enrollment-found') },
    ['run', '.', '--reporter', 'github'],
    {
      GITHUB_STEP_SUMMARY: 'summary.md',
    },
  );
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stdout).toMatch(
    /^::error file=a\.yaml,line=9,title=A meter with its own key::meter: expected refused/,
  );
  expect(outcome.read('summary.md')).toContain('## Rehearsal: 1 failed');
});
