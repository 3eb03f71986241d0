import { describe, expect, test } from 'vitest';
import { loadText } from '../../../cli/files/load-files.ts';
import { makePlan, type PlanOptions } from '../../../cli/run/plan.ts';
import { grepPattern } from '../../../cli/option-words.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const loaded = ['a.yaml', 'b.yaml'].flatMap((file) => {
  const read = loadText(file, file === 'a.yaml' ? sampleScenarios.passes : `seed: own\n${sampleScenarios.differs}`);
  return read.ok ? read.scenarios : [];
});

function planned(options: Partial<PlanOptions>) {
  return makePlan({ scenarios: loaded, mistakes: [], texts: {} }, { timeLimit: 1, ...options });
}

describe('`makePlan`', () => {
  test.each([
    ['A key', ['a']],
    ['a KEY', ['a']],
    ['/a KEY/', []],
    ['@choice', ['b#right', 'b#wrong']],
    ['^b#right ', ['b#right']],
    ['right|a key', ['a', 'b#right']],
    ['spec', []],
  ])('with --grep %s selects the scenarios %j', (text, ids) => {
    expect(planned({ grep: grepPattern(text) }).scenarios.map(({ id }) => id)).toEqual(ids);
  });

  test('uses the seed that a scenario sets, and draws one seed for the other scenarios', () => {
    const plan = planned({});
    expect(plan.scenarios.map(({ seed }) => seed)).toEqual([plan.seed, 'own', 'own']);
    expect(planned({}).seed).not.toBe(plan.seed);
  });

  test('uses --seed for all scenarios', () => {
    const plan = planned({ seed: 'given' });
    expect([plan.seed, ...plan.scenarios.map(({ seed }) => seed)]).toEqual(['given', 'given', 'given', 'given']);
  });

  test('uses one worker for a few scenarios, unless --workers is given', () => {
    expect(planned({}).workers).toBe(1);
    expect(planned({ workers: 4 }).workers).toBe(4);
  });
});
