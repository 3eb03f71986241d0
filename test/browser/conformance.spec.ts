import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import { conformanceHtml } from '../../reports/conformance/conformance-html.ts';
import { samplePlayback } from '../reports/sample-playback.ts';
import { graveFindings, isTooWide, test } from './page-test.ts';

const passed: StatementResult = {
  id: 'C1',
  group: 'connect',
  level: 'must',
  statement: 'uses MQTT 3.1.1',
  source: 'D-MQTT',
  verdict: 'pass',
  actual: 'level 4',
  world: 'plain',
  evidence: ['1.000 s  #1 CONNECT level 4'],
};
const failed: StatementResult = {
  ...passed,
  id: 'P1',
  group: 'polling',
  statement: 'waits for retry-after',
  verdict: 'fail',
  expected: 'no request within 3 s after an answer with retry-after 3',
  actual: 'the next request came after 3 ms',
  source: 'REST-D',
  world: 'retry-after-3',
  evidence: ['2.000 s  #1 register of <b>meter</b>', '2.003 s  #1 poll 5.a of meter'],
};
const report: ConformanceReport = {
  format: 1,
  client: 'meter <2.1>',
  at: '2026-01-05T08:00:00.000Z',
  version: '1.0.0',
  without: ['tpm'],
  results: [
    passed,
    failed,
    {
      ...passed,
      id: 'M1',
      group: 'tpm',
      verdict: 'skipped',
      actual: 'the client lacks the capability: tpm',
      evidence: [],
    },
  ],
  worlds: [{ id: 'plain', title: 'DPS assigns the device', tookMs: 2000, end: 'the client ended', output: '' }],
};

test('the conformance page opens a deviation, and shows its expected behaviour, recorded messages and source', async ({
  page,
}, info) => {
  const file = info.outputPath('conformance.html');
  writeFileSync(file, conformanceHtml(report));
  await page.goto(pathToFileURL(file).href);
  const deviation = page.getByRole('group').filter({ hasText: 'waits for retry-after' });
  for (const text of [failed.expected ?? '', failed.actual, 'REST-D', ...failed.evidence])
    await expect(deviation.getByText(text)).toBeVisible();
  await expect(page.getByText('1.000 s #1 CONNECT level 4')).toBeHidden();
  await expect(page.getByText('1 of 2 statements passed')).toBeVisible();
  await page.getByText('MUST: uses MQTT 3.1.1').first().click();
  await expect(page.getByText('1.000 s #1 CONNECT level 4')).toBeVisible();
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
});

test('the report and the conformance page link to each other', async ({ page, reportOf }, info) => {
  const address = await reportOf(samplePlayback, { conformancePage: 'conformance.html' });
  writeFileSync(info.outputPath('conformance.html'), conformanceHtml(report, true));
  await page.goto(address);
  await page.getByRole('link', { name: 'Conformance' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('DPS conformance of meter <2.1>');
  await page.getByRole('link', { name: 'Report of the scenarios' }).click();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('Overview');
});
