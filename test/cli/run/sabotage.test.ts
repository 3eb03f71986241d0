import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { loadText as loadScenarios } from '../../../cli/files/load-files.ts';
import { playScenario } from '../../../cli/library.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { loadLab } from '../../../sim/lab/load.ts';
import { packageRoot } from '../../../cli/package-root.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

/** A scenario which expects that DPS refuses a device with a disabled enrollment. */
const disabled = `title: A disabled enrollment
devices:
  meter: { attestation: symmetricKey }
timeline:
  - enroll: meter
  - install-key: meter
  - disable-enrollment: meter
  - power-on: meter
    expect: { refused: enrollment-enabled }
`;
/** The same scenario without an expectation that can fail. */
const blind = disabled
  .replace('title: A', 'title: The defender does not look at a')
  .replace('{ refused: enrollment-enabled }', '{ attempts: 1 }');

const mark = 'MUTATION  check enrollment-enabled is disabled';

describe('rehearse run --sabotage', () => {
  test('exits 0 if a scenario detects the disabled check, and names the disabled check in every output', async () => {
    const files = {
      'a.yaml': disabled,
      'b.yaml': blind,
      'c.yaml': sampleScenarios.passes,
      'd.yaml': sampleScenarios.fails,
    };
    const outcome = await runWarm(files, ['run', '.', '--sabotage', 'enrollment-enabled', '--seed', 's']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout.startsWith(`${mark}: the results show only which scenarios detect this\n`)).toBe(true);
    expect(outcome.stdout).toContain(
      `${mark}: the results show only which scenarios detect this\n1 of 4 scenarios detected the disabled check; 1 did not detect it, 2 did not depend on it\n  a\n`,
    );
    expect(outcome.stdout).toContain('npx dps-rehearsal run . --seed s --sabotage enrollment-enabled');
    expect(outcome.results()).toMatchObject({ sabotage: { check: 'enrollment-enabled', noticedBy: ['a'] } });
    // A scenario that fails even without the disabled check does not count as having detected it.
    expect(outcome.results().scenarios.map(({ verdict, notice }) => `${verdict} ${notice}`)).toEqual([
      'fail noticed',
      'pass unnoticed',
      'pass untouched',
      'fail untouched',
    ]);
    expect(errorsOf('results', outcome.results())).toBeNull();
    const run = outcome.run('a');
    expect(run.sabotage).toBe('enrollment-enabled');
    expect(errorsOf('run', run)).toBeNull();
    const junit = outcome.read('rehearsal-report/junit.xml');
    expect(junit).toContain('<testsuites name="rehearse (sabotage: enrollment-enabled)"');
    expect(junit).toContain('<testsuite name="a.yaml (sabotage: enrollment-enabled)"');
    expect(junit).toContain('<property name="sabotage" value="enrollment-enabled"/>');
    expect(() => outcome.read('rehearsal-report/guide.md')).toThrow('was not written');

    const none = await runWarmIn(outcome.folder, ['run', 'b.yaml', 'c.yaml', '--sabotage', 'enrollment-enabled']);
    expect(none.exitCode).toBe(1);
    expect(none.stdout).toContain(
      'no scenario detected the disabled check; 1 did not detect it, 1 did not depend on it\n',
    );
    const real = await runWarmIn(outcome.folder, ['run', 'a.yaml']);
    expect(real).toMatchObject({ exitCode: 0 });
    expect(JSON.stringify([real.results(), real.run('a')])).not.toContain('sabotage');
  });

  test.each([
    [
      'an unknown check that resembles a known one',
      ['run', 'a.yaml', '--sabotage', 'enrollment-enable'],
      'did you mean "enrollment-enabled"?',
    ],
    ['an unknown check', ['run', 'a.yaml', '--sabotage', 'qqqqqqqq'], '`rehearse list checks` shows all'],
    [
      'a combination with --retries',
      ['run', 'a.yaml', '--sabotage', 'enrollment-enabled', '--retries', '1'],
      'cannot be used with',
    ],
    ['rehearse serve', ['serve', '--sabotage', 'enrollment-enabled'], "unknown option '--sabotage'"],
  ])('exits 2 before a scenario runs, for %s', async (_what, args, words) => {
    const { exitCode, stdout, stderr } = await runWarm({ 'a.yaml': disabled }, args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('a property named "sabotage"', () => {
  test.each([
    ['at the top', disabled.replace('devices:', 'sabotage: enrollment-enabled\ndevices:')],
    ['in the cloud', disabled.replace('devices:', 'cloud: { sabotage: enrollment-enabled }\ndevices:')],
    [
      'as a fidelity switch',
      disabled.replace('devices:', 'cloud: { fidelity: { sabotage: enrollment-enabled } }\ndevices:'),
    ],
    ['of a device', disabled.replace('symmetricKey }', 'symmetricKey, sabotage: enrollment-enabled }')],
    ['in a step', disabled.replace('power-on: meter', 'power-on: { device: meter, sabotage: enrollment-enabled }')],
  ])('is a mistake in a scenario file: %s', (_place, text) => {
    expect(loadScenarios('a.yaml', disabled).ok).toBe(true);
    const loaded = loadScenarios('a.yaml', text);
    expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message).join()).toContain('sabotage');
  });

  test.each([
    'sabotage: hub-known\n',
    'cloud: { sabotage: hub-known }\n',
    'cloud: { fidelity: { sabotage: hub-known } }\n',
  ])('is a mistake in a lab: %s', (text) => {
    const loaded = loadLab('lab.yaml', text, 0);
    expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message).join()).toContain('sabotage');
  });

  test('disables no check if a program adds the property to a loaded scenario', async () => {
    const loaded = loadScenarios('a.yaml', disabled);
    if (!loaded.ok) throw new Error('the scenario has mistakes');
    const [scenario] = loaded.scenarios;
    if (scenario === undefined) throw new Error('the file has no scenario');
    const word = { sabotage: 'enrollment-enabled' };
    const cloud = { ...scenario.cloud, ...word, fidelity: { ...defaultFidelity, ...word } };
    const changed = { ...scenario, ...word, cloud };
    expect((await playScenario(changed)).verdict.kind).toBe('pass');
    const sabotaged = await playScenario(scenario, { sabotage: 'enrollment-enabled' });
    expect([sabotaged.verdict.kind, sabotaged.sabotage]).toEqual(['fail', 'enrollment-enabled']);
  });
});

/** Returns the errors of a value against the published schema; null if it is valid. */
function errorsOf(name: 'results' | 'run', value: unknown): unknown {
  const schema: object = JSON.parse(readFileSync(join(packageRoot, 'reports', `${name}.schema.json`), 'utf8'));
  const validate = new Ajv2020({ strict: false }).compile(schema);
  return validate(value) ? null : validate.errors;
}
