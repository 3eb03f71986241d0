import { expect, test } from 'vitest';
import { runWarm } from '../warm/warm-command.ts';

const two = `title: A sensor starts \${name}
devices: { sensor: { attestation: symmetricKey } }
matrix:
  - { name: known, list: sensor, outcome: { assigned: hub-eu } }
  - { name: unknown, list: null, outcome: { refused: credential-present } }
timeline:
  - enroll: "\${list}"
  - install-key: "\${list}"
  - power-on: sensor
    expect: "\${outcome}"
`;

test('rehearse explain lists the IDs of the variants of a file, and accepts one of these IDs', async () => {
  const asked = await runWarm({ 'two.yaml': two }, ['explain', 'two.yaml']);
  expect([asked.exitCode, asked.stderr]).toEqual([
    2,
    'error: two.yaml has 2 variants; name one of them:\n  two#known\n  two#unknown\n',
  ]);
  const told = await runWarm({ 'two.yaml': two }, ['explain', 'two#unknown']);
  expect(told.exitCode, told.stderr).toBe(0);
  expect(told.stdout).toContain('A sensor starts unknown');
});

test('rehearse explain names the line of a failed expectation and the line of its step', async () => {
  const wrong = two.replace('refused: credential-present', 'refused: token-fresh');
  const told = await runWarm({ 'two.yaml': wrong }, ['explain', 'two#unknown']);
  expect(told.exitCode, told.stderr).toBe(1);
  expect(told.stdout).toContain('expected by line 5 of two.yaml, step at line 9');
});

test('rehearse explain starts the program of a scenario only with --allow-programs', async () => {
  const program = `title: A program registers
devices: { meter: { attestation: symmetricKey, program: { command: ['true'] } } }
timeline:
  - enroll: meter
  - power-on: meter
    expect: { refused: credential-present }
`;
  const files = { 'program.yaml': program };
  const refused = await runWarm(files, ['explain', 'program.yaml']);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('allow them with --allow-programs');
  const allowed = await runWarm(files, ['explain', 'program.yaml', '--allow-programs']);
  expect(allowed.stdout).toContain('its program ended with exit code 0');
});
