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

describe('what a variant shows', () => {
  test.each([
    ['a device that gets into service', letIn, 'well'],
    ['a device that is kept out', keptOut, 'wrong'],
    ['one that is kept out before it gets in', keptOut + letIn, 'wrong'],
    ['a hub that does not listen', '  - power-on: meter\n    expect: { telemetry: refused }\n', 'wrong'],
    ['an attacker who is kept out', letIn + attack('refused: true'), 'well'],
    ['an attacker who gets in', letIn + attack('assigned: true'), 'wrong'],
    ['nobody of whom that is asked', '  - power-on: meter\n    expect: { attempts: 1 }\n', undefined],
  ])('%s', (_, timeline, shows) => {
    expect(showing(timeline)).toEqual([shows]);
  });

  test('is what its author says, for the file or for a variant', () => {
    expect(showing(keptOut, 'shows: well\n')).toEqual(['well']);
    const matrix = 'matrix:\n  - { name: a, after: P1D, shows: wrong }\n  - { name: b, after: P2D }\n';
    const timed = letIn.replace('meter\n', 'meter\n    after: "${after}"\n');
    expect(showing(timed, matrix)).toEqual(['wrong', 'well']);
    expect(showing(timed, `shows: wrong\n${matrix.replace('wrong', 'well')}`)).toEqual(['well', 'wrong']);
  });

  test('is no part of the name of a variant', () => {
    const text = `title: A\ndevices: { meter: { attestation: symmetricKey } }\nmatrix: [{ after: P1D, shows: well }]\ntimeline:\n${letIn.replace('meter\n', 'meter\n    after: "${after}"\n')}`;
    const loaded = loadScenarios('a.yaml', text, { steps, topics: [] });
    expect(loaded).toMatchObject({ ok: true, scenarios: [{ variant: 'after=P1D', id: 'a#after-p1d' }] });
  });

  test('is one of two words', () => {
    const text = `title: A\nshows: perhaps\ndevices: { meter: { attestation: symmetricKey } }\ntimeline:\n${letIn}`;
    expect(loadScenarios('a.yaml', text, { steps, topics: [] })).toMatchObject({ ok: false, mistakes: [{ line: 2 }] });
  });
});
