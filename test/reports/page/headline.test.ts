import { expect, test } from 'vitest';
import type { VerdictKind } from '../../../core/run/run.ts';
import { headline } from '../../../reports/html/page/overview/headline.ts';

const ran = (kind: VerdictKind, flaky = false) => ({ verdict: { kind, reason: '' }, flaky });
const [pass, fail, skipped, shaky] = [ran('pass'), ran('fail'), ran('skipped'), ran('pass', true)];

test.each([
  [[pass, pass], {}, 'All scenarios passed'],
  [[pass, skipped], {}, 'All executed scenarios passed'],
  [[pass, fail, shaky], {}, '1 scenario did not pass'],
  [[], {}, 'No scenario ran'],
  [[skipped, skipped], {}, 'No scenario ran'],
  [[pass, shaky], {}, '1 scenario is flaky'],
  [[shaky, shaky], {}, '2 scenarios are flaky'],
  [[pass], { troubles: ['a worker ended'] }, 'All scenarios passed, but the run had problems'],
  [[pass], { complete: false }, 'The run was stopped before its end'],
  [[fail], { sabotage: 'enrollment-found' }, 'Check enrollment-found was disabled'],
])('the headline of a run with %j and %j is: %s', (entries, more, text) => {
  expect(headline({ entries, complete: true, sabotage: null, troubles: [], ...more })).toBe(text);
});
