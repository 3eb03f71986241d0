import { expect } from '@playwright/test';
import { groundOf } from './colour-of.ts';
import { graveFindings, isTooWide, test } from './page-test.ts';
import { matrixOfCells } from '../reports/sample-matrix.ts';
import { failedStep, played, playbackOf, sampleRun } from '../reports/sample-playback.ts';

test('the report has a page with the decision matrix, whose rows link to their runs', async ({ page, reportOf }) => {
  const matrix = matrixOfCells();
  const runs = matrix.cells.map(({ id }) => played(sampleRun(id, 'pass', 'as expected', { title: `Run of ${id}` })));
  await page.goto(`${await reportOf(playbackOf(runs), { matrix })}#matrix`);
  const table = page.getByRole('region', { name: 'Decision matrix' });
  await expect(table.getByRole('row')).toHaveCount(1 + 2 + matrix.cells.length);
  await expect(table.getByRole('row', { name: /file connected/ }).last()).toContainText('5 of 5');
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
  // The cell for one impersonated identity of five has another colour than the cell for five of five.
  const radius = (row: string) => table.getByRole('row', { name: row }).last().getByRole('cell').nth(2);
  const [one, all] = [await groundOf(radius('1 of 5')), await groundOf(radius('5 of 5'))];
  expect(one).toMatch(/^(?:rgb|color)/);
  expect(one).not.toBe(all);
  await table.getByRole('link').last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Run of ${matrix.cells[0]?.id}`);
});

test('the overview lists changes since an earlier run, regressions first, with links to a comparison', async ({
  page,
  reportOf,
}) => {
  const before = playbackOf(
    ['a', 'b', 'c'].map((id) => played(sampleRun(id, 'pass', 'as expected', { title: `Before, ${id}` }))),
  );
  const now = playbackOf([
    played(sampleRun('a', 'pass', 'as expected', { title: 'Now, a' })),
    played(sampleRun('b', 'fail', 'it did not hold', { title: 'Now, b', stepVerdicts: [failedStep('sensor')] })),
    played(sampleRun('d', 'pass', 'as expected', { title: 'Now, d' })),
  ]);
  await page.goto(await reportOf(now, { earlier: before }));
  const changes = page.getByRole('region', { name: 'Changes since the earlier run' });
  await expect(changes).toContainText('3 differences, 2 regressions.');
  await expect(changes.getByRole('listitem')).toHaveText([
    /^regression Now, b was pass and is fail/,
    /^regression Before, c was removed/,
    /^Now, d is new/,
  ]);
  // The list has the scenarios of the current run only.
  await expect(page.getByRole('list', { name: 'Scenarios' }).getByRole('listitem')).toHaveCount(3);
  expect(await graveFindings(page)).toEqual([]);
  await changes.getByRole('link', { name: 'Now, b' }).click();
  const verdict = page.getByRole('row', { name: /^Verdict differs/ });
  await expect(verdict.getByRole('cell').nth(0)).toContainText('Passed');
  await expect(verdict.getByRole('cell').nth(1)).toContainText('Failed');
  const sides = page.getByRole('columnheader');
  await expect(sides).toHaveText(['What', 'EarlierBefore, b', 'NowNow, b']);
  await page.getByRole('link', { name: 'Before, b' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Before, b');
  await expect(page.getByText('of the earlier run')).toBeVisible();
  // The pages of the earlier and of the current run link to the comparison, also for a scenario without changes.
  await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
  await expect(sides).toHaveText(['What', 'EarlierBefore, b', 'NowNow, b']);
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link', { name: 'Now, a' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
  await expect(sides).toHaveText(['What', 'EarlierBefore, a', 'NowNow, a']);
  await expect(page.getByRole('row', { name: /^Verdict/ })).not.toContainText('differs');
});

test('a report without a matrix shows the command that adds a matrix', async ({ page, reportOf }) => {
  await page.goto(await reportOf(playbackOf([played(sampleRun('a', 'pass', 'as expected'))])));
  await page.getByRole('navigation').getByRole('link', { name: 'Matrix' }).click();
  await expect(page.getByText('npx dps-rehearsal matrix')).toBeVisible();
});

test('the report quotes an expectation from the scenario text that the run used', async ({ page, reportOf }) => {
  const text = [
    'title: x',
    'matrix:',
    '  - { outcome: { refused: <b>no</b> } }',
    'timeline:',
    '  - package: sensor',
    '  - power-on: sensor',
    '    after: P1M',
    '    expect: "${outcome}"',
    '  - wait: P1M',
  ].join('\n');
  const runOf = (line: number) =>
    sampleRun('a', 'fail', 'it did not hold', {
      file: 'a.yaml',
      text,
      history: [{ kind: 'step-started', step: 2, name: 'power-on', line: 6, at: 0 }],
      stepVerdicts: [failedStep('sensor', { line, column: 13 })],
    });
  const step = [/^6 {2}- power-on: sensor/, /^7 {4}after/, /^8 {4}expect/];
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${await reportOf(playbackOf([played(runOf(8))]))}#scenario/a`);
  // The page shows the lines of the scenario file that contain a failed expectation, without a click.
  const lines = page.locator('.source-frame .line');
  await expect(lines).toHaveText(step);
  await expect(page.locator('.source-frame .here')).toHaveText(/^8/);
  // This scenario has its expectation in the matrix, many lines away from the step.
  await page.goto('about:blank');
  await page.goto(`${await reportOf(playbackOf([played(runOf(3))]))}#scenario/a`);
  await expect(lines).toHaveText([/^3 {2}- \{ outcome: \{ refused: <b>no<\/b> \} \}/, ...step]);
  await expect(page.locator('.source-frame .here')).toHaveText(/^3/);
  // The expectation and its step have different lines, and the page names both.
  await expect(page.getByRole('region', { name: 'Why it failed' })).toContainText(
    'Expected by line 3 of a.yaml, step at line 6.',
  );
  await expect(page.locator('.steps .place').first()).toHaveText('expected by a.yaml:3, step at line 6');
  // The whole table of steps is visible without horizontal scrolling.
  const table = page.locator('.scroll', { has: page.getByRole('table') });
  expect(await table.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  expect(await graveFindings(page)).toEqual([]);
});

test('the table of steps shows what the failed check found, and shows each result only once', async ({
  page,
  reportOf,
}) => {
  const run = sampleRun('a', 'fail', failedStep('sensor').reason, {
    stepVerdicts: [failedStep('sensor'), failedStep('other', { trace: [], step: 3 })],
  });
  await page.goto(`${await reportOf(playbackOf([played(run)]))}#scenario/a`);
  const actual = page.locator('table.steps tbody tr').locator('td:nth-child(4)');
  await expect(actual).toHaveText([
    'refused by certificate-valid-now (401002): Unauthorizedexpired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026)',
    'refused by certificate-valid-now (401002): Unauthorized',
  ]);
});

test('a report without the texts of scenario files states that these texts are missing', async ({ page, reportOf }) => {
  const run = sampleRun('a', 'fail', 'it did not hold', { stepVerdicts: [failedStep('sensor')] });
  await page.goto(`${await reportOf(playbackOf([played(run)]))}#scenario/a`);
  await page.getByText('scenario file').click();
  await expect(page.getByText('The report has no text of warehouse/expiry.yaml.')).toBeVisible();
});

test('the report plays the events of a run at the pace that the user selects', async ({ page, real }) => {
  await page.goto(`${real}#?text=P6M%20factory-root`);
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await page.getByLabel('Pace').selectOption('fast');
  await page.getByRole('button', { name: 'Play' }).click();
  const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
  // At a quarter of a second per event, the player reaches the last event long before the fifteen seconds of the default pace.
  await expect(chosen).toHaveAttribute('aria-posinset', '18', { timeout: 9000 });
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.getByLabel('Pace').selectOption('proportional to time');
  await page.getByRole('button', { name: 'Play' }).click();
  // The next event is months later, so the player waits at event 10 for several seconds, and the test can see it as the current event.
  await expect(chosen).toHaveAttribute('aria-posinset', '10');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});
