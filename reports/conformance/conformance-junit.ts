import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import { attributes, junitText, type JunitElement } from '../markup/junit-element.ts';
import { xmlText } from '../markup/plain-text.ts';
import { groupsOf } from './score.ts';

/**
 * Returns JUnit XML: a suite for each group of conformance statements, and a case for each statement. A statement that is informative, or
 * that no test world tested, is a skipped case.
 */
export function conformanceJunit(report: ConformanceReport): string {
  const suites = groupsOf(report).map(({ title, results }) => ({
    ...attributes({ name: title, ...counts(results) }),
    testcase: results.map(caseOf),
  }));
  const root = {
    ...attributes({ name: `conformance of ${report.client}`, ...counts(report.results) }),
    testsuite: suites,
  };
  return junitText(root);
}

function counts(results: readonly StatementResult[]): Record<string, number> {
  const failures = results.filter(({ verdict }) => verdict === 'fail').length;
  const passed = results.filter(({ verdict }) => verdict === 'pass').length;
  return { tests: results.length, failures, skipped: results.length - failures - passed };
}

function caseOf({
  id,
  group,
  statement,
  level,
  source,
  verdict,
  expected,
  actual,
  evidence,
}: StatementResult): JunitElement {
  const head = attributes({ name: `${id} ${statement}`, classname: `conformance.${group}` });
  if (verdict === 'pass') return head;
  const text = [`expected: ${expected ?? ''}`, `actual: ${actual}`, `source: ${source}`, ...evidence].join('\n');
  if (verdict === 'fail')
    return { ...head, failure: { ...attributes({ message: actual, type: level }), '#text': xmlText(text) } };
  return { ...head, skipped: attributes({ message: `${verdict}: ${actual}` }) };
}
