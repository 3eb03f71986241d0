import { describe, expect, test } from 'vitest';
import { loadScenarios, playScenario } from '../../cli/library.ts';
import { sampleScenarios } from './sample-scenarios.ts';

describe('the programming interface of Rehearsal', () => {
  test.each([
    ['passes', 'pass'],
    ['fails', 'fail'],
  ] as const)('runs a scenario that %s', async (name, verdict) => {
    const loaded = loadScenarios(`${name}.yaml`, sampleScenarios[name]);
    if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
    const runs = await Promise.all(loaded.scenarios.map((scenario) => playScenario(scenario)));
    expect(runs.map((run) => [run.seed, run.verdict.kind])).toEqual([['1', verdict]]);
  });

  test('reports all mistakes of a file', () => {
    const loaded = loadScenarios('bad.yaml', sampleScenarios.mistaken);
    expect(loaded.ok ? [] : loaded.mistakes.map(({ line }) => line)).toEqual([3, 5, 6]);
  });
});
