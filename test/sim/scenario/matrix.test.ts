import { describe, expect, test } from 'vitest';
import { loadScenarios, type Scenario } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

function load(matrix: string): readonly Scenario[] {
  const text = `title: "It waits \${wait}"
devices: { sensor: { attestation: symmetricKey, ntp: "\${ntp}" } }
matrix:
${matrix}
timeline:
  - power-on: sensor
    after: "\${wait}"
    expect: "\${outcome}"
`;
  const loaded = loadScenarios('./some/file.yaml', text, { steps, topics: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded.scenarios;
}

describe('a matrix', () => {
  test('makes one frozen scenario per entry, with values of any kind inserted', () => {
    const scenarios = load(
      '  - { wait: P1D, ntp: false, outcome: { refused: token-fresh, errorCode: 401000 } }\n  - { wait: P1Y, ntp: true, outcome: { assigned: hub-eu } }',
    );
    expect(
      scenarios.map(({ id, file, title, variant, devices, timeline }) => ({
        id,
        file,
        title,
        variant,
        ntp: devices['sensor']?.ntp,
        after: timeline[0]?.after,
        words: timeline[0]?.expect?.words,
      })),
    ).toEqual([
      {
        id: 'some/file#wait-p1d-ntp-false',
        file: 'some/file.yaml',
        title: 'It waits P1D',
        variant: 'wait=P1D, ntp=false',
        ntp: false,
        after: 'P1D',
        words: { refused: 'token-fresh', errorCode: 401_000 },
      },
      {
        id: 'some/file#wait-p1y-ntp-true',
        file: 'some/file.yaml',
        title: 'It waits P1Y',
        variant: 'wait=P1Y, ntp=true',
        ntp: true,
        after: 'P1Y',
        words: { assigned: 'hub-eu' },
      },
    ]);
    expect(Object.isFrozen(scenarios[0]?.timeline[0]?.expect?.words)).toBe(true);
  });

  test('keeps the line and column of an expectation that a matrix entry contains', () => {
    const [scenario] = load('  - { wait: P1D, ntp: false, outcome: { refused: true } }');
    expect(scenario?.timeline[0]).toMatchObject({ line: 6, column: 5, expect: { line: 4, column: 39 } });
  });

  test('removes a property if its value is null', () => {
    const [scenario] = load('  - { name: at once, wait: null, ntp: null, outcome: { refused: true } }');
    expect([
      scenario?.variant,
      scenario?.title,
      scenario?.devices['sensor']?.ntp,
      scenario?.timeline[0]?.after,
    ]).toEqual(['at once', 'It waits null', true, undefined]);
  });

  test('gives different IDs to variants whose names differ only in punctuation', () => {
    const entry = (name: string): string => `  - { name: "${name}", wait: P1D, ntp: true, outcome: { refused: true } }`;
    expect(load(['a b', 'A-B', 'a b', '→'].map(entry).join('\n')).map(({ id, variant }) => [id, variant])).toEqual([
      ['some/file#a-b', 'a b'],
      ['some/file#a-b-2', 'A-B'],
      ['some/file#a-b-2-2', 'a b #2'],
      ['some/file#variant', '→'],
    ]);
  });
});
