import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { swtpmMissing } from '../../sim/swtpm-present.ts';
import { inlineFolder, runIn } from '../run-inline.ts';
import { runWarm } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, tpm } = sampleScenarios;

/**
 * A `swtpm` that starts TPMs only for the first process that uses it. `--repeat` repeats a run in a new process, so the repeated run has no
 * TPM.
 */
const firstComeSwtpm = `#!/bin/sh
case "$*" in *--fd*)
  echo "$PPID" >> "$ASKED"
  [ "$(sort -u "$ASKED" | wc -l)" -gt 1 ] && exit 1
esac
PATH="\${PATH#*:}" exec swtpm "$@"
`;

function withShakyTpm(folder: string): NodeJS.ProcessEnv {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'swtpm'), firstComeSwtpm);
  chmodSync(join(folder, 'bin', 'swtpm'), 0o755);
  return { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ASKED: join(folder, 'asked') };
}

describe('rehearse run --repeat', () => {
  test.skipIf(swtpmMissing !== undefined)(
    'stops at the first scenario whose result differs, keeps the run of that scenario, and exits 1',
    async () => {
      const folder = inlineFolder({ 'passes.yaml': passes, 'tpm.yaml': tpm });
      const env = withShakyTpm(folder);
      const words = ['run', '.', '--repeat', '9', '--until-different', '--workers', '1'];
      const outcome = await runIn(folder, [...words, '--baseline', 'kept.json', '--update-baseline'], env);
      expect(outcome).toMatchObject({
        exitCode: 1,
        stderr: 'baseline kept.json not written: some scenarios have no conclusive verdict\n',
      });
      expect(outcome.stdout).toMatch(/FLAKY {4}A TPM .* flaky: in repeat 2 of 2 was pass and is unknown: /);
      expect(outcome.stdout).toContain('1 flaky, 1 passed');
      const [steady, shaky] = outcome.results().scenarios;
      expect(steady).toMatchObject({ id: 'passes', flaky: false, repeats: { played: 2, differences: [] } });
      expect(shaky).toMatchObject({ id: 'tpm', verdict: 'pass', flaky: true, repeats: { played: 2 } });
      const [difference] = shaky?.repeats?.differences ?? [];
      const other = JSON.parse(outcome.read(`rehearsal-report/${difference?.runFile}`));
      expect(other).toMatchObject({ id: 'tpm', seed: shaky?.seed, verdict: { kind: 'unknown' } });
      expect(existsSync(join(folder, 'rehearsal-report/runs/passes-repeat-2'))).toBe(false);
      expect(existsSync(join(folder, 'kept.json'))).toBe(false);

      // `rehearse report`, which reads the recorded run, prints the same result.
      const told = await runIn(folder, ['report', 'rehearsal-report', '--as', 'github']);
      expect(told.exitCode).toBe(1);
      expect(told.stdout).toMatch(/^::error file=tpm\.yaml,line=1,title=.*::flaky: in repeat 2 of 2 /m);
    },
  );

  test('runs each scenario of a shard N times with one seed, and exits 0 if all results are equal', async () => {
    const files = { 'a.yaml': passes, 'b.yaml': passes, 'c.yaml': passes };
    const outcome = await runWarm(files, ['run', '.', '--repeat', '3', '--shard', '1/2', '--reporter', 'json']);
    expect([outcome.exitCode, outcome.stderr]).toEqual([0, '']);
    const { scenarios, complete } = outcome.results();
    expect([complete, scenarios.length]).toEqual([true, 2]);
    for (const { repeats, flaky } of scenarios)
      expect([repeats, flaky]).toEqual([{ played: 3, differences: [] }, false]);
  });

  test.each([
    [['--until-different'], '--until-different needs --repeat COUNT, the maximum number of runs'],
    [['--repeat', '1'], 'Expected a whole number of at least 2.'],
    [['--repeat', '2', '--retries', '1'], "option '--repeat <count>' cannot be used with option '--retries <count>'"],
    [['--repeat', '2', '--sabotage', 'enrollment-found'], 'cannot be used with'],
  ])('refuses the options %j before it runs a scenario', async (words, sentence) => {
    const outcome = await runWarm({ 'a.yaml': passes }, ['run', '.', ...words]);
    expect([outcome.exitCode, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toContain(sentence);
  });
});
