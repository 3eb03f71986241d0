import { describe, expect, test } from 'vitest';
import { missingFor } from '../../sim/programs/play-program.ts';
import { begun, startStudio } from './studio-process.ts';

const file = 'meter.yaml';
const text = `title: A program
devices:
  meter:
    attestation: symmetricKey
    program: { command: [/bin/sh, -c, "echo hello"] }
timeline:
  - power-on: meter
    expect: { telemetry: none }
`;
const atOnce = { pace: { kind: 'at-once' }, breakpoints: { parties: [], checks: [], steps: [] } };
const order = { file, text, id: 'meter', ...atOnce };

test('the studio refuses a scenario with a program, shows the command line of the program, and names the option --allow-programs', async () => {
  const studio = await startStudio({ [file]: text });
  expect(await studio.ask('POST', 'plays', order)).toEqual({
    status: 422,
    body: {
      error:
        'the scenario starts programs on this computer (meter: /bin/sh -c echo hello); read their code, and allow them with --allow-programs',
    },
  });
});

describe.skipIf(missingFor().length > 0)('rehearse studio --allow-programs', () => {
  test('plays a scenario with a program', async () => {
    const studio = await startStudio({ [file]: text }, ['--allow-programs']);
    const { play } = begun(await studio.ask('POST', 'plays', order));
    const lines = await studio.until(play, ({ kind }) => kind === 'over');
    expect(JSON.stringify(lines)).toContain('its program writes to stdout: hello');
  });
});
