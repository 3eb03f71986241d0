import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

function showing(timeline: string, head = ''): readonly (string | undefined)[] {
  const text = `title: A meter\n${head}devices: { meter: { attestation: symmetricKey } }\ntimeline:\n${timeline}`;
  const loaded = loadScenarios('a.yaml', text, { steps, topics: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded.scenarios.map(({ shows }) => shows);
}

const letIn = '  - power-on: meter\n    expect: { assigned: hub-eu }\n';
const keptOut = '  - power-on: meter\n    expect: { refused: enrollment-enabled }\n';
const theft = '  - steal-key: { device: meter, as: loot }\n';
const attack = (outcome: string): string =>
  `${theft}  - impersonate: { device: meter, with: loot }\n    expect: { ${outcome} }\n`;

describe('the expected outcome of a variant', () => {
  test.each([
    ['a device that is assigned', letIn, 'well'],
    ['a device that is refused', keptOut, 'wrong'],
    ['a device that is refused before it is assigned', keptOut + letIn, 'wrong'],
    ['a hub that refuses telemetry', '  - power-on: meter\n    expect: { telemetry: refused }\n', 'wrong'],
    ['an attacker who is refused', letIn + attack('refused: true'), 'well'],
    ['an attacker who is assigned', letIn + attack('assigned: true'), 'wrong'],
    ['an expectation that implies neither outcome', '  - power-on: meter\n    expect: { attempts: 1 }\n', undefined],
  ])('is derived from its expectations: %s', (_, timeline, shows) => {
    expect(showing(timeline)).toEqual([shows]);
  });

  test('is the value of `shows` that the author gives for the file or for a variant', () => {
    expect(showing(keptOut, 'shows: well\n')).toEqual(['well']);
    const matrix = 'matrix:\n  - { name: a, after: P1D, shows: wrong }\n  - { name: b, after: P2D }\n';
    const timed = letIn.replace('meter\n', 'meter\n    after: "${after}"\n');
    expect(showing(timed, matrix)).toEqual(['wrong', 'well']);
    expect(showing(timed, `shows: wrong\n${matrix.replace('wrong', 'well')}`)).toEqual(['well', 'wrong']);
  });

  test('is not part of the name of a variant', () => {
    const text = `title: A\ndevices: { meter: { attestation: symmetricKey } }\nmatrix: [{ after: P1D, shows: well }]\ntimeline:\n${letIn.replace('meter\n', 'meter\n    after: "${after}"\n')}`;
    const loaded = loadScenarios('a.yaml', text, { steps, topics: [] });
    expect(loaded).toMatchObject({ ok: true, scenarios: [{ variant: 'after=P1D', id: 'a#after-p1d' }] });
  });

  test('must be the word "well" or the word "wrong"', () => {
    const text = `title: A\nshows: perhaps\ndevices: { meter: { attestation: symmetricKey } }\ntimeline:\n${letIn}`;
    expect(loadScenarios('a.yaml', text, { steps, topics: [] })).toMatchObject({ ok: false, mistakes: [{ line: 2 }] });
  });
});
