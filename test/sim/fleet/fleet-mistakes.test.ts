import { expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

const text = ({
  device = 'count: 5000, fleet: {}',
  step = 'power-on: meter',
  expect = 'assigned: true',
  cloud = '',
} = {}) => `
title: A fleet that is simulated as numbers
cloud:
  ${cloud}
  enrollmentGroups: { meters: { symmetricKey: true } }
devices:
  meter: { attestation: symmetricKey, ${device} }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - ${step}
  - power-on: meter
    expect: { ${expect} }
`;

function mistakesIn(words: Parameters<typeof text>[0]): readonly string[] {
  const loaded = loadScenarios('test.yaml', text(words), { steps, topics: [] });
  return loaded.ok ? [] : loaded.mistakes.map(({ message }) => message);
}

test('a scenario with a valid simulated fleet has no mistakes', () => {
  expect(mistakesIn({})).toEqual([]);
  expect(
    mistakesIn({ expect: 'assigned: ">= 99.9 %", within: { p95: PT2H }, throttled: "<=1%", peak: "<= 1000 /min"' }),
  ).toEqual([]);
});

test.each([
  [{ device: 'count: 5000' }, 'add `fleet: {}`'],
  [{ device: 'fleet: {}' }, '`fleet` needs `count`'],
  [{ device: 'count: 5000, fleet: {}, keyStore: hsm' }, 'needs `keyStore: file`, found hsm'],
  [{ device: 'count: 5000, fleet: {}, clockDrift: 5' }, 'the clocks of a fleet with `fleet:` are exact'],
  [{ device: 'count: 5000, fleet: {}, retry: none, tries: 3' }, '`tries` needs `retry: back-off` or `at-once`'],
  [{ device: 'count: 5000, fleet: { cohorts: [{ share: 0.5 }] }' }, 'add up to 1'],
  [{ device: 'count: 5000, fleet: { starts: soon }' }, 'expected an ISO 8601 duration'],
  [{ device: 'count: 6000000, fleet: {}' }, '5000000'],
  [
    { step: 'power-off: meter' },
    'power-off works on single devices, but this fleet is simulated as numbers (`fleet:`); steps for such fleets are',
  ],
  [{ step: 'power-on: meter-7' }, 'no device is called "meter-7"'],
  [{ cloud: 'faults: [{ answer: 503, nth: 3 }]' }, '`nth` needs single requests'],
  [{ cloud: 'faults: [{ answer: 503, device: meter }]' }, 'the fleet meter is simulated as numbers'],
  [{ cloud: 'fidelity: { pollsAsOperations: counted }' }, 'pollsAsOperations: counted is not available'],
  [{ expect: 'assigned: ">= 101 %"' }, 'expected at most 100 %'],
  [{ expect: 'assigned: ">= many"' }, 'expected a comparison such as ">= 99 %"'],
  [{ expect: 'throttled: 3' }, 'expected text, found 3'],
  [{ expect: 'throttled: "<= 3"' }, 'expected a comparison such as "<= 3 per device"'],
  [{ expect: 'peak: "<= 1000/h"' }, 'expected a comparison such as "<= 1000/min"'],
  [{ expect: 'within: { p96: PT2H }' }, 'unknown word "p96" in'],
  [{ expect: 'within: { p95: soon }' }, 'expected an ISO 8601 duration'],
  [{ expect: 'within: {}' }, 'expected at least one of p50'],
  [{ expect: 'attempts: "< many"' }, 'expected a comparison such as "<= 3"'],
])('a scenario with the fleet settings %o is rejected', (words, message) => {
  expect(mistakesIn(words).join('\n')).toContain(message);
});

test.each([
  [
    'count: 20',
    'assigned: ">= 99 %"',
    'assigned: >= 99 % needs a fleet that is simulated as numbers, but "meter" is no such fleet; write `count`',
  ],
  [
    'transport: mqtt',
    'throttled: "<= 1 %"',
    'throttled: <= 1 % needs a fleet that is simulated as numbers, but "meter" is no such fleet',
  ],
  [
    'count: 20, fleet: { tier: core }',
    'peak: "<= 10/min"',
    'peak: <= 10/min needs a fleet that is simulated as numbers',
  ],
  ['count: 20', 'within: { p95: PT2H }', 'within: {"p95":"PT2H"} needs a fleet that is simulated as numbers'],
])('a step whose devices have `%s` cannot expect `%s`', (device, expected, message) => {
  const loaded = loadScenarios('test.yaml', text({ device, expect: expected }), { steps, topics: [] });
  const [mistake] = loaded.ok ? [] : loaded.mistakes;
  expect(mistake?.message).toContain(message);
  expect(mistake?.line).toBe(12);
});

test('a step without devices cannot expect a distribution', () => {
  expect(mistakesIn({ step: 'look-for-signals: {}\n    expect: { peak: "<= 10/min" }' }).join()).toContain(
    'needs a fleet that is simulated as numbers, but this step names no fleet; remove this expectation',
  );
});

test.each([
  [{ device: 'count: 5000, fleet: {}, attestation: tpm' }, 'symmetricKey` or `x509`, found tpm'],
  [
    { step: 'run-in-field: { device: meter, for: P1Y, offline: true }' },
    'run-in-field does not support `offline` for the fleet meter',
  ],
  [{ step: 'enroll: { device: meter, deviceId: one }' }, 'enroll does not support `deviceId` for the fleet meter'],
  [{ device: 'count: 50, fleet: { tier: core }, credential: issued-by-dps' }, 'needs `credential: own`; remove `tier`'],
])('a fleet with %o is rejected', (words, message) => {
  const loaded = loadScenarios(
    'test.yaml',
    text(words).replace(/attestation: symmetricKey, (.*attestation: tpm)/, '$1'),
    { steps, topics: [] },
  );
  expect((loaded.ok ? [] : loaded.mistakes).map((each) => each.message).join('\n')).toContain(message);
});
