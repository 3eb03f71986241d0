import { expect, test } from 'vitest';
import type { StatementResult } from '../../../core/conformance/conformance-result.ts';
import { conformanceBadge } from '../../../reports/conformance/conformance-badge.ts';

function badge(level: StatementResult['level'], verdict: StatementResult['verdict']): string {
  const one = { id: 'P1', group: 'polling', statement: '', source: '', actual: '', evidence: [] } as const;
  const results: readonly StatementResult[] = [
    { ...one, level, verdict },
    { ...one, id: 'P2', level: 'must', verdict: 'pass' },
  ];
  return conformanceBadge({ format: 1, client: 'meter', at: '', version: '', without: [], results, worlds: [] });
}

test('the badge of a conformance report shows the score, in the colour of the most serious failure', () => {
  expect(badge('must', 'fail')).toContain('1 of 2');
  expect(badge('must', 'fail')).toContain('#b42318');
  expect(badge('should', 'fail')).toContain('#8a6100');
  expect(badge('must', 'pass')).toContain('2 of 2');
  expect(badge('must', 'pass')).toContain('#1a7f37');
});
