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

test('rehearse explain accepts the variant IDs that its message for a missing variant lists', async () => {
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
