import { expect, test } from 'vitest';
import { convertCredentials } from '../../../sim/scenario/editor/convert-credentials.ts';
import { insertSteps, removeStep } from '../../../sim/scenario/editor/edit-timeline.ts';

const text = `title: A sensor
devices:
  sensor: { attestation: x509, keyStore: file }
timeline:
  # The line.
  - issue-certificate: { device: sensor, from: ca }
    after: P1D
  # The warehouse.
  - package: sensor
  - power-on: sensor
    expect: { assigned: hub-eu }
`;

test('a change to TPM attestation adds the step `extract-ek` and, for an individual enrollment, the step `enroll`', () => {
  expect(convertCredentials(text, 'sensor', 'tpm')).toEqual({
    text: `title: A sensor
devices:
  sensor: { attestation: x509 }
timeline:
  # The line.
  - extract-ek: sensor
  - enroll: sensor
  # The warehouse.
  - package: sensor
    after: P1D
  - power-on: sensor
    expect: { assigned: hub-eu }
`,
    changes: [
      'remove keyStore from sensor',
      'remove step 1, issue-certificate',
      'add extract-ek: sensor',
      'add enroll: sensor',
    ],
  });
});

test('a change to a symmetric key installs the key after the enrollment that creates it', () => {
  const changed = convertCredentials(text.replace('package: sensor', 'enroll: sensor'), 'sensor', 'symmetricKey');
  expect(changed?.text).toMatch(/- enroll: sensor\n {4}after: P1D\n {2}- install-key: sensor\n {2}- power-on: sensor/);
});

test('a change of the attestation leaves steps unchanged if they already fit', () => {
  const fits = text.replace('  - issue-certificate', '  - enroll: sensor\n  - issue-certificate');
  expect(convertCredentials(fits, 'sensor', 'x509')).toBeUndefined();
});

test('a change of the attestation makes a production line create the new credential', () => {
  const line = `devices:
  lock: { attestation: x509, count: 2 }
timeline:
  - produce:
      device: lock
      route:
        - at: flash
          do:
            - issue-certificate: { from: ca }
            - package:
  - power-on: lock
`;
  expect(convertCredentials(line, 'lock', 'tpm')?.text).toContain(`          do:
            - extract-ek:
            - package:
  - enroll: lock
  - power-on: lock
`);
  expect(convertCredentials(line, 'lock', 'symmetricKey')?.text).toContain(`            - enroll:
            - install-key:
            - package:
  - power-on: lock
`);
});

test('`insertSteps` and `removeStep` change both ends of a timeline', () => {
  const two = 'timeline:\n- enroll: a\n- power-on: a';
  expect(insertSteps(two, 2, [{ package: 'a' }])).toBe('timeline:\n- enroll: a\n- power-on: a\n- package: a\n');
  expect(insertSteps(two, 0, [{ 'extract-ek': { device: 'a', keep: false } }])).toBe(
    'timeline:\n- extract-ek: { device: a, keep: false }\n- enroll: a\n- power-on: a',
  );
  expect(removeStep(two, 1)).toBe('timeline:\n- enroll: a\n');
  expect(removeStep('timeline:\n- enroll: a\n', 0)).toBeUndefined();
  expect(insertSteps('timeline: [{ enroll: a }]', 0, [{ package: 'a' }])).toBeUndefined();
});
