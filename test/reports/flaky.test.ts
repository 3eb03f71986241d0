import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Run } from '../../core/run/run.ts';
import { repeatDifferences } from '../../reports/baseline/repeat-differences.ts';
import { githubReport } from '../../reports/ci/github.ts';
import { junitXml } from '../../reports/junit.ts';
import { markdownReport } from '../../reports/markdown.ts';
import { resultsJson } from '../../reports/results-json.ts';
import { terminalReport } from '../../reports/terminal.ts';
import { failedStep, flakyPlayback, samplePlayback, sampleRun, sampleView } from './sample-playback.ts';

test('terminal, GitHub and Markdown reports count a flaky scenario as neither passed nor failed', async () => {
  const told = [terminalReport, githubReport, markdownReport].map((report) => {
    const lines = flakyPlayback.played.map((one) => report.onScenario(one, sampleView));
    return `=== ${report.name}\n${lines.join('')}${report.onEnd(flakyPlayback, sampleView)}`;
  });
  await expect(told.join('\n')).toMatchFileSnapshot('golden/flaky.txt');
});

test('the JUnit report has a failure for a scenario whose results differed, but none for a scenario that passed after a retry', async () => {
  const text = junitXml(flakyPlayback, sampleView);
  await expect(text).toMatchFileSnapshot('golden/flaky.xml.txt');
  expect(text.match(/<failure /g)).toHaveLength(1);
  expect(text).toMatch(/<testsuites name="rehearse" tests="3" failures="1" errors="0"/);
});

test('`results.json` has the number of runs and the differences, and matches its schema', () => {
  const results = JSON.parse(resultsJson(flakyPlayback));
  const validate = new Ajv2020().compile(JSON.parse(readFileSync('reports/results.schema.json', 'utf8')));
  expect([validate(results), validate.errors]).toEqual([true, null]);
  expect(results.scenarios.map((one: { repeats?: { played: number } }) => one.repeats?.played)).toEqual([
    5,
    5,
    undefined,
  ]);
  expect(results.scenarios[1].repeats.differences[1]).toEqual({
    repeat: 5,
    sentences: ['was pass and is unknown: it had not ended'],
    runFile: null,
  });
  expect(results.summary).toMatchObject({ total: 3, passed: 3, failed: 0, flaky: 2 });
});

const [assignedRun, refusedRun] = samplePlayback.played.map(({ run }) => run);

function runWith(more: Partial<Run>): Run {
  return sampleRun('a', 'pass', 'as expected', more);
}

test('`repeatDifferences` reports differences of verdict, outcome, check and expectation, and no other difference', () => {
  const registrations = assignedRun?.registrations ?? [];
  const refused = refusedRun?.registrations ?? [];
  const first = runWith({ registrations, wallMs: 1, seed: 's' });
  expect(repeatDifferences(first, runWith({ registrations, wallMs: 9000 }))).toEqual([]);
  expect(repeatDifferences(first, runWith({ registrations: refused }))).toEqual([
    'thermostat was assigned to hub-eu and is refused by certificate-valid-now (401002)',
  ]);
  const unknown = sampleRun('a', 'unknown', 'it hung', { registrations });
  expect(repeatDifferences(first, unknown)).toEqual(['was pass and is unknown: it hung']);
  expect(repeatDifferences(unknown, first)).toEqual(['was unknown and is pass: as expected']);
  const other = refused.map((one) => ({ ...one, check: 'enrollment-found' as const }));
  expect(repeatDifferences(runWith({ registrations: refused }), runWith({ registrations: other }))).toEqual([
    'thermostat was refused by certificate-valid-now (401002) and is refused by enrollment-found (401002)',
  ]);
  const held = runWith({ stepVerdicts: [failedStep('meter', { kind: 'pass' })] });
  expect(repeatDifferences(held, runWith({ stepVerdicts: [failedStep('meter')] }))).toEqual([
    'the expectation of meter at line 31 was pass and is fail',
  ]);
});
