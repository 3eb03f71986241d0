import { expect, test } from 'vitest';
import type { ConformanceReport, StatementResult } from '../../../core/conformance/conformance-result.ts';
import { conformanceHtml } from '../../../reports/conformance/conformance-html.ts';

function pageOf(...verdicts: readonly StatementResult['verdict'][]): string {
  const results = verdicts.map((verdict, index): StatementResult => ({
    id: `P${index + 1}`,
    group: 'polling',
    level: 'must',
    statement: 'sends no poll before `retry-after` <b>',
    source: 'REST-D',
    verdict,
    actual: `a poll after ${index} ms`,
    evidence: [],
  }));
  const report: ConformanceReport = {
    format: 1,
    client: 'meter',
    at: '',
    version: '',
    without: [],
    results,
    worlds: [],
  };
  return conformanceHtml(report);
}

test('the conformance page begins with the failed statements, with links to their evidence', () => {
  const page = pageOf('pass', 'fail', 'fail');
  expect(page).toMatch(/2 statements failed.*href="#P2".*a poll after 1 ms.*href="#P3".*<h2>Polling/s);
  expect(page).toContain('<details id="P2" open>');
  expect(page).toContain('before <code>retry-after</code> &lt;b&gt;');
  expect(pageOf('fail')).toContain('<h2>1 statement failed</h2>');
});

test('the conformance page of a client that passes has no list of failures', () => {
  expect(pageOf('pass', 'skipped')).not.toContain('failed</h2>');
});
