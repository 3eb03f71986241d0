import { describe, expect, test } from 'vitest';
import { sampleScenarios } from '../sample-scenarios.ts';
import { runWarm } from '../warm/warm-command.ts';

const pump = `title: A pump starts \${name}
devices: { pump: { attestation: symmetricKey } }
matrix:
  - { name: fifty days, list: pump, outcome: { assigned: hub-eu } }
  - { name: unknown, list: null, outcome: { refused: credential-present } }
timeline:
  - enroll: "\${list}"
  - install-key: "\${list}"
  - power-on: pump
    expect: "\${outcome}"
`;
const files = {
  'qa/pump.yaml': pump,
  'qa/late.yaml': sampleScenarios.passes,
  'compose.yaml': 'services: { one: { image: x } }\n',
};

describe('explain and run accept the file, the ID and the variant of a scenario', () => {
  test.each(['qa/pump.yaml#fifty-days', './qa/pump.yaml#fifty-days', 'qa/pump#fifty-days', 'qa/pump#fifty days'])(
    '%s',
    async (name) => {
      const told = await runWarm(files, ['explain', name]);
      expect(told.exitCode, told.stderr).toBe(0);
      expect(told.stdout).toContain('A pump starts fifty days');
      const ran = await runWarm(files, ['run', name]);
      expect(ran.exitCode, ran.stderr).toBe(0);
      expect(ran.results().scenarios.map(({ id }) => id)).toEqual(['qa/pump#fifty-days']);
    },
  );

  test('a second path adds its scenarios to the variant', async () => {
    const ran = await runWarm(files, ['run', 'qa/pump#unknown', 'qa/late']);
    expect(ran.results().scenarios.map(({ id }) => id)).toEqual(['qa/late', 'qa/pump#unknown']);
    const whole = await runWarm(files, ['run', 'qa/pump#unknown', 'qa']);
    expect(whole.results().scenarios).toHaveLength(3);
  });
});

describe('an unknown scenario gets a suggestion', () => {
  test.each([
    ['pump#fifty-days', 'did you mean "qa/pump#fifty-days"?'],
    ['late', 'did you mean "qa/late.yaml"?'],
    ['pmup.yaml', 'did you mean "qa/pump.yaml"?'],
  ])('%s', async (name, suggestion) => {
    const told = await runWarm(files, ['explain', name]);
    expect([told.exitCode, told.stderr]).toEqual([2, `error: unknown scenario "${name}"; ${suggestion}\n`]);
    const ran = await runWarm(files, ['run', name]);
    expect([ran.exitCode, ran.stderr]).toEqual([
      2,
      `${name}  there is no such file or folder; ${suggestion}\n\n1 mistake in 1 file\n`,
    ]);
  });

  test('from the shipped scenarios, if no own file fits', async () => {
    const told = await runWarm(files, ['explain', 'azure-changes-its-tls']);
    expect(told.stderr).toMatch(/did you mean "\S*scenarios\/warehouse\/azure-changes-its-tls"\?\n$/);
  });

  test('that is a scenario, and none if nothing is similar', async () => {
    const ran = await runWarm(files, ['run', 'nope.yaml']);
    expect(ran.stderr).toBe('nope.yaml  there is no such file or folder\n\n1 mistake in 1 file\n');
    const told = await runWarm(files, ['explain', 'zzzzzz']);
    expect(told.stderr).toBe('error: unknown scenario "zzzzzz"; `rehearse list scenarios` shows all\n');
  });

  test('for an unknown variant', async () => {
    const near = await runWarm(files, ['run', 'qa/pump.yaml#fifty-dys']);
    expect([near.exitCode, near.stderr]).toEqual([
      2,
      'qa/pump.yaml#fifty-dys  this file has no variant "fifty-dys"; did you mean "fifty-days"?\n\n1 mistake in 1 file\n',
    ]);
    const other = await runWarm(files, ['run', 'qa/pump#zzzz']);
    expect(other.stderr).toContain('this file has no variant "zzzz"; the variants are fifty-days, unknown\n');
    const none = await runWarm(files, ['run', 'qa/late#zzzz']);
    expect(none.stderr).toContain('this file has no variants; remove "#zzzz"\n');
  });
});
