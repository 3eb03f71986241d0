import { expect, test } from 'vitest';
import type { ConformanceReport, StatementResult } from '../../../core/conformance/conformance-result.ts';
import { conformanceJunit } from '../../../reports/conformance/conformance-junit.ts';

function result(id: string, verdict: StatementResult['verdict'], actual: string): StatementResult {
  return {
    id,
    group: 'polling',
    level: 'must',
    statement: 'waits',
    source: 'REST-D',
    verdict,
    actual,
    evidence: ['GET at 3 ms'],
  };
}

test('JUnit of a conformance report counts each verdict, and has the evidence of a failure as text', () => {
  const results = [
    result('P1', 'fail', 'a poll <3 ms> after the answer'),
    result('P2', 'pass', 'as given'),
    result('P3', 'informative', 'six polls'),
    result('P4', 'skipped', 'no hub'),
  ];
  const report: ConformanceReport = {
    format: 1,
    client: 'meter & co',
    at: '',
    version: '',
    without: [],
    results,
    worlds: [],
  };
  const xml = conformanceJunit(report);
  expect(xml).toContain('name="conformance of meter &amp; co" tests="4" failures="1" skipped="2"');
  expect(xml).toContain('<failure message="a poll &lt;3 ms&gt; after the answer" type="must">');
  expect(xml).toContain('GET at 3 ms');
  expect(xml).toContain('<skipped message="informative: six polls"');
});
