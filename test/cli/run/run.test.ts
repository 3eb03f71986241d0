import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { convert } from 'xmlbuilder2';
import { describe, expect, test } from 'vitest';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import { runIn, runInline } from '../run-inline.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, fails, tpm } = sampleScenarios;

describe('rehearse run', () => {
  test('reports a failed expectation and exits 1; a shard with the same seed records the same history', async () => {
    const files = { 'scenarios/passes.yaml': passes, 'scenarios/fails.yaml': fails };
    const whole = await runInline(files, ['run', '--seed', 's']);
    expect(masked(whole.stdout)).toMatchSnapshot();
    expect(whole).toMatchObject({ exitCode: 1, stderr: '' });
    expect(whole.results().summary).toMatchObject({ total: 2, passed: 1, failed: 1, skipped: 0, unknown: 0 });
    expect(errorsOf('results', whole.results())).toBeNull();
    const runs = whole.results().scenarios.map(({ id }) => whole.run(id));
    for (const run of runs) expect(errorsOf('run', run)).toBeNull();
    expect(existsSync(join(whole.folder, 'rehearsal-report/.playing'))).toBe(false);

    const shard = await runIn(whole.folder, ['run', '--seed', 's', '--shard', '2/2', '--reporter', 'junit']);
    expect(shard.exitCode).toBe(0);
    expect(shard.stdout).toBe(shard.read('rehearsal-report/junit.xml'));
    expect(convert(shard.stdout, { format: 'object' })).toMatchObject({
      testsuites: { '@tests': '1', '@failures': '0', '@errors': '0', '@skipped': '0' },
    });
    expect(shard.results().scenarios.map(({ id }) => id)).toEqual(['scenarios/passes']);
    const again = shard.run('scenarios/passes');
    expect(normaliseHistory(again.history)).toBe(normaliseHistory(runs[1]?.history ?? []));
    expect(readdirSync(join(whole.folder, 'rehearsal-report/runs'))).toHaveLength(1);
  });

  test('runs the scenario that rehearse init wrote, in a folder with a foreign `package.json`, tsconfig and Playwright configuration', async () => {
    const files = {
      'package.json': '{ "type": "commonjs", "name": "somebody-elses" }',
      'tsconfig.json': '{ "extends": "./missing.json", "compilerOptions": { "paths": { "*": ["./nowhere/*"] } } }',
      'playwright.config.ts': 'throw new Error("not yours");',
    };
    const { folder } = await runWarm(files, ['init', 'scenarios/a b/first.yaml']);
    const outcome = await runWarmIn(folder, ['run', '--reporter', 'json']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toBe(outcome.read('rehearsal-report/results.json'));
    expect(outcome.results()).toMatchObject({
      schemaVersion: 1,
      complete: true,
      seed: expect.stringMatching(/^[0-9a-f]{12}$/),
      summary: { total: 2, passed: 2 },
      scenarios: [
        {
          file: 'scenarios/a b/first.yaml',
          variant: 'validity=P90D',
          virtualDuration: 'P11M1D',
          registrations: [{ device: 'thermostat', outcome: 'refused', check: 'certificate-valid-now' }],
        },
        { variant: 'validity=P2Y', registrations: [{ outcome: 'assigned', errorCode: null, check: null }] },
      ],
    });
  });

  test('without swtpm, skips scenarios that need a TPM, gives the reason, and exits 3', async () => {
    const env = { PATH: '/nowhere' };
    const outcome = await runInline({ 'tpm.yaml': tpm, 'passes.yaml': passes }, ['run', '.'], env);
    expect(outcome.stdout).toMatch(/skipped {2}A TPM lets the device in\n {2}.*swtpm/);
    expect(outcome.results().summary).toMatchObject({ total: 2, passed: 1, skipped: 1 });
    expect(outcome.exitCode).toBe(3);
  });

  test('gives a scenario the verdict unknown after the time limit, runs it again with --retries, and exits 3', async () => {
    const args = ['run', 'passes.yaml', '--time-limit', '0.001', '--retries', '1'];
    const { exitCode, stderr, results } = await runInline({ 'passes.yaml': passes }, args);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the scenario runs again');
    expect(results().scenarios).toMatchObject([
      {
        verdict: 'unknown',
        attempts: 2,
        reason: 'the scenario did not end within 0.001 s (change the limit with --time-limit)',
      },
    ]);
  });
});

test('the file of the rehearse command is executable', () => {
  expect(statSync(join('cli', 'rehearse.mjs')).mode & 0o111).not.toBe(0);
});

function errorsOf(name: 'results' | 'run', value: unknown): unknown {
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(join('reports', `${name}.schema.json`), 'utf8')));
  validate(value);
  return validate.errors ?? null;
}

/** Replaces the parts of an output that differ in each run. */
function masked(text: string): string {
  return text.replace(/\d+\.\d\d s/g, '«time»');
}
