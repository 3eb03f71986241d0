import { expect, test } from 'vitest';
import type { StatementResult, StatementVerdict } from '../../../core/conformance/conformance-result.ts';
import { compareConformance } from '../../../reports/conformance/compare-conformance.ts';

function results(verdicts: Readonly<Record<string, StatementVerdict>>): {
  readonly results: readonly StatementResult[];
} {
  return {
    results: Object.entries(verdicts).map(([id, verdict]) => ({
      id,
      group: 'polling',
      level: 'must',
      statement: '',
      source: '',
      verdict,
      actual: '',
      evidence: [],
    })),
  };
}

test('a statement of the conformance report is worse than in the baseline if it newly fails, or if it no longer passes', () => {
  const before = results({ P1: 'pass', P2: 'fail', P3: 'pass', P4: 'not exercised' });
  const after = results({ P1: 'fail', P2: 'fail', P3: 'not exercised', P4: 'pass', P5: 'fail', P6: 'informative' });
  expect(compareConformance(before, after)).toEqual([
    { id: 'P1', before: 'pass', after: 'fail' },
    { id: 'P3', before: 'pass', after: 'not exercised' },
    { id: 'P5', before: 'absent', after: 'fail' },
  ]);
});
