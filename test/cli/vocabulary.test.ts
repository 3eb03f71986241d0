import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checks } from '../../core/checks.ts';
import type { SchemaName } from '../../cli/commands/schema.ts';
import { schemas, schemaText } from '../../cli/schema-text.ts';
import { steps } from '../../sim/steps/index.ts';
import { runWarm, runWarmIn } from './warm/warm-command.ts';

describe('rehearse list', () => {
  test('prints every step and every check as JSON', async () => {
    const { exitCode, stdout } = await runWarm({}, ['list', '--json']);
    expect(exitCode).toBe(0);
    const listed: Record<string, { id: string }[]> = JSON.parse(stdout);
    expect(listed['steps']?.map(({ id }) => id)).toEqual(steps.map(({ name }) => name));
    expect(listed['checks']?.map(({ id }) => id)).toEqual(Object.keys(checks));
    expect(listed['topics']?.length).toBeGreaterThan(0);
    expect(listed['scenarios']?.length).toBeGreaterThan(0);
  });
});

describe('rehearse init', () => {
  test('writes a valid scenario, and does not overwrite an existing file', async () => {
    const first = await runWarm({}, ['init', 'here/mine.yaml']);
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: 'here/mine.yaml was written. Run it: npx dps-rehearsal run here/mine.yaml\n',
    });
    expect(first.read('here/mine.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\..*\/scenarios\/schema\.json\n/);
    expect(await runWarmIn(first.folder, ['check', 'here/mine.yaml'])).toMatchObject({ exitCode: 0 });
    const second = await runWarmIn(first.folder, ['init', 'here/mine.yaml']);
    expect(second).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it already exists') });
  });
});

describe('the committed JSON schema', () => {
  test.each(Object.keys(schemas) as SchemaName[])('of %s matches the code', (name) => {
    const { file } = schemas[name];
    const hint = `${file} is stale: run \`npm run generate -- --only schemas\``;
    expect(readFileSync(file, 'utf8'), hint).toBe(schemaText(name));
  });

  test('files match the output of rehearse schema', async () => {
    expect((await runWarm({}, ['schema', 'run'])).stdout).toBe(schemaText('run'));
  });
});

test.each([['--help'], ['run', '--help'].join(' ')].map(String))(
  'rehearse %s prints its help and exits 0',
  async (args) => {
    const { exitCode, stdout, stderr } = await runWarm({}, args.split(' '), { COLUMNS: '100' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.replace(/default: \d+\)/, 'default: …)')).toMatchSnapshot();
  },
);
