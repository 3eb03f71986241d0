import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';

/** Returns the mistakes in a scenario with the given `cloud` section and step. */
function mistakesIn(cloud: string, step = 'power-on: sensor'): readonly string[] {
  const text = [
    'title: A sensor starts',
    `cloud: ${cloud}`,
    'devices: { sensor: { attestation: symmetricKey } }',
    'timeline:',
    `  - ${step}`,
    '  - power-on: sensor',
    '    expect: { assigned: true }',
  ].join('\n');
  const loaded = loadScenarios('bad.yaml', text, { steps, topics: [] });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('settings of hubs and allocation', () => {
  test.each<[string, string?]>([
    [
      '{ hubs: [hub-eu, { name: hub-us, weight: 5, latency: 3, allocation: false }] }',
      'enroll: { device: sensor, hubs: [hub-us] }',
    ],
    ['{ allocation: geoLatency }'],
    ['{ webhook: { answer: hub-eu, payload: [1] } }', 'set-webhook: slow'],
    ['{ webhook: { answer: { status: 500 } } }', 'enroll: { device: sensor, allocation: custom }'],
    ['{}', 'set-hub-link: { hub: hub-eu, link: stale-key }'],
  ])('are accepted: %s', (cloud, step) => {
    expect(mistakesIn(cloud, step)).toEqual([]);
  });

  test.each<[string, string | undefined, string[]]>([
    [
      '{ hubs: [{ name: hub-eu, wieght: 5 }] }',
      undefined,
      ['2:33 unknown word "wieght" in cloud.hubs.0; did you mean "weight"?'],
    ],
    ['{ hubs: [{ name: hub-eu, weight: 0 }] }', undefined, ['2:41 expected at least 1, found 0']],
    ['{ hubs: [{ weight: 5 }] }', undefined, ['2:17 the word "name" is missing']],
    ['{ hubs: [h] }', undefined, ['2:17 expected 3 to 50 letters, digits and dashes, found "h"']],
    [
      '{ hubs: [{ name: hub-eu }] }',
      'enroll: { device: sensor, hubs: [hub-e] }',
      ['5:38 no hub is called "hub-e"; did you mean "hub-eu"?'],
    ],
    ['{ webhook: { answer: hub-e } }', undefined, ['2:29 no hub is called "hub-e"; did you mean "hub-eu"?']],
    [
      '{ enrollmentGroups: { g: { symmetricKey: true, allocation: custom } } }',
      undefined,
      ['2:28 custom allocation needs a webhook; add one under `cloud: webhook:`'],
    ],
    ['{ allocation: custom }', undefined, ['2:22 expected hashed or geoLatency or static, found "custom"']],
  ])('are reported if they contain a mistake: %s', (cloud, step, expected) => {
    const found = mistakesIn(cloud, step);
    expect(found).toHaveLength(expected.length);
    for (const [index, told] of expected.entries()) expect(found[index]).toContain(told);
  });
});

test('a run fails with a reason if `change-hubs` names a device without an enrollment', async () => {
  const [run] = await playText(`
title: A sensor starts
devices: { sensor: { attestation: symmetricKey } }
timeline:
  - change-hubs: { device: sensor, hubs: [hub-eu] }
  - power-on: sensor
    expect: { assigned: true }
`);
  const reason = expect.stringContaining('sensor has no individual enrollment') as string;
  expect(run?.verdict).toMatchObject({ kind: 'fail', reason });
});
