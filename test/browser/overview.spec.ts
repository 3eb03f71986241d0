import { expect } from '@playwright/test';
import { cutTexts, isTooWide, test } from './page-test.ts';
import { failedStep, played, playbackOf, samplePlayback, sampleRun } from '../reports/sample-playback.ts';

const expiredRun = sampleRun('b/late', 'fail', failedStep('thermostat').reason, {
  file: 'b/late.yaml',
  title: 'The device waits too long',
  stepVerdicts: [failedStep('thermostat')],
  registrations: samplePlayback.played
    .flatMap(({ run }) => run.registrations)
    .filter(({ check }) => check !== undefined),
  history: [
    { kind: 'step-started', step: 2, name: 'power-on', line: 30, at: 0 },
    {
      kind: 'decision',
      judge: 'dps',
      subject: 'thermostat',
      about: 'registration',
      checks: failedStep('thermostat').trace,
      at: 1,
    },
    { kind: 'step-ended', step: 2, at: 2 },
  ],
});

/** A report with forty files that passed and one file that failed, in the middle. */
const manyFiles = playbackOf([
  ...Array.from({ length: 20 }, (_, index) => passed(`a/${index}`)),
  played(expiredRun),
  ...Array.from({ length: 20 }, (_, index) => passed(`c/${index}`)),
]);

function passed(id: string) {
  return played(sampleRun(id, 'pass', 'as expected', { file: `${id}.yaml`, title: `Scenario ${id}` }));
}

test('the overview lists failures first, and folds files whose scenarios passed', async ({ page, reportOf }) => {
  await page.goto(await reportOf(manyFiles));
  const rows = page.getByRole('list', { name: 'Scenarios' }).getByRole('listitem');
  await expect(rows.nth(0)).toContainText('b/late.yaml');
  await expect(rows.nth(1)).toContainText(
    'check: certificate-valid-now thermostat: expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026)',
  );
  await expect(rows.nth(2)).toContainText('a/0.yaml');
  await expect(rows.nth(3)).toContainText('a/1.yaml');
  await rows.nth(2).getByRole('button').click();
  await expect(rows.nth(3)).toContainText('Scenario a/0');
});

for (const width of [390, 1280, 1920]) {
  test(`the row of a failed scenario shows its whole title and reason in a window ${width} px wide`, async ({
    page,
    reportOf,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    const title = 'A device certificate of P90D waits eleven months in the warehouse of the distributor';
    const expected = 'assigned: hub-eu, errorCode: 401002, telemetry: none';
    const stepVerdicts = [failedStep('thermostat', { expected })];
    const late = { ...expiredRun, title, variant: 'transport=mqtt', stepVerdicts };
    await page.goto(await reportOf(playbackOf([played(late), passed('a/1'), passed('a/2')])));
    const row = page.locator('.scenario-row.fail');
    await expect(row).toContainText(`Expected ${expected}`);
    expect(await cutTexts(row)).toEqual([]);
    const [box, next] = [await row.boundingBox(), await page.locator('.file-row').nth(1).boundingBox()];
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((next?.y ?? 0) + 1);
    expect(await isTooWide(page)).toBe(false);
  });
}

test('the event list does not cut off the date and time of an event', async ({ page, reportOf }) => {
  const at = Date.UTC(2026, 11, 26, 10, 48, 52);
  const history = expiredRun.history.map((event) => ({ ...event, at: at + event.at * 1000 }));
  await page.goto(`${await reportOf(playbackOf([played({ ...expiredRun, history })]))}#scenario/b%2Flate`);
  const times = page.locator('.timeline .row .when:not(.again)');
  await expect(times.first()).toContainText('26 Dec 2026 10:48:52');
  for (const time of await times.all())
    expect(await time.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
});

test('the search finds checks, error codes, devices and tags, and suggests completions', async ({ page, reportOf }) => {
  await page.goto(await reportOf(manyFiles));
  const count = page.getByRole('status');
  const search = page.getByLabel('Search');
  for (const text of ['check:certificate-valid-now', 'code:401002', 'device:thermostat', 'certificate-valid-now']) {
    await search.fill(text);
    await expect(count).toHaveText('1 of 41 scenarios');
  }
  await search.fill('tag:x509 scenario');
  await expect(count).toHaveText('40 of 41 scenarios');
  await search.fill('code:');
  await expect(page.locator('#completions option')).toHaveCount(1);
  await expect(page.locator('#completions option')).toHaveAttribute('value', 'code:401002');
  await search.fill('check:nothing-like-it');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(count).toHaveText('41 scenarios');
});

test('a click on a bar of the refusal chart filters the list by that check', async ({ page, reportOf }) => {
  await page.goto(await reportOf(manyFiles));
  const charts = page.getByRole('complementary', { name: 'Charts of this run' });
  await charts.getByRole('link', { name: 'certificate-valid-now' }).click();
  await expect(page.getByLabel('Search')).toHaveValue('check:certificate-valid-now');
  await expect(page.getByRole('status')).toHaveText('1 of 41 scenarios');
});

test('the Back button and the link "All scenarios" restore the filter and the scroll position of the list', async ({
  page,
  reportOf,
}) => {
  const address = await reportOf(
    playbackOf(Array.from({ length: 300 }, (_, index) => played(sampleRun(`one-${index}`, 'pass', 'as expected')))),
  );
  await page.goto(`${address}#?text=one`);
  const link = page.locator('a[href="#scenario/one-60"]');
  await page.evaluate('scrollTo(0, 60 * 62)');
  await expect(link).toBeVisible();
  const left = await page.evaluate('scrollY');
  for (const wayBack of ['Back', 'All scenarios'] as const) {
    await page.evaluate(`document.querySelector('a[href="#scenario/one-60"]').click()`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('A certificate expires in the warehouse');
    if (wayBack === 'Back') await page.goBack();
    else await page.getByRole('link', { name: wayBack }).click();
    await expect(page.getByLabel('Search')).toHaveValue('one');
    await expect.poll(() => page.evaluate('scrollY')).toBe(left);
  }
});

test('each page has its own title, and the keys j and k open the next and the previous scenario', async ({
  page,
  reportOf,
}) => {
  await page.goto(await reportOf(manyFiles));
  await expect(page).toHaveTitle('1 of 41 did not pass · Rehearsal');
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search')).toBeFocused();
  await page.getByLabel('Search').fill('scenario c/1');
  await page.getByRole('link', { name: 'Scenario c/1', exact: true }).click();
  await expect(page).toHaveTitle('✓ Scenario c/1 · Rehearsal');
  await page.keyboard.press('j');
  await expect(page).toHaveTitle('✓ Scenario c/10 · Rehearsal');
  await page.keyboard.press('k');
  await expect(page).toHaveTitle('✓ Scenario c/1 · Rehearsal');
  await expect(page.getByRole('navigation', { name: 'Neighbouring scenarios' })).toContainText('1 of 11');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation').getByRole('link', { name: 'Guidance' }).click();
  await expect(page).toHaveTitle('Guidance · Rehearsal');
});

test('the page of a failed scenario states why the scenario failed, and shows the decision that caused the failure', async ({
  page,
  reportOf,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${await reportOf(manyFiles)}#scenario/b%2Flate`);
  const card = page.getByRole('region', { name: 'Why it failed' });
  await expect(card).toContainText('thermostat: refused by certificate-valid-now: expired 245 days ago');
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Decided by certificate-valid-now');
  await card.getByRole('button', { name: 'Copy re-run command' }).click();
  await expect(card.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('rehearse run b/late.yaml --seed s');
});

test('the user can search the events of a scenario, and can go to its refusals by keys and buttons', async ({
  page,
  reportOf,
}) => {
  await page.goto(`${await reportOf(manyFiles)}#scenario/b%2Flate`);
  const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
  await expect(chosen).toContainText('rejected by certificate-valid-now');
  await page.keyboard.press('Home');
  await expect(chosen).toContainText('Step 3: power-on');
  await expect(page.getByRole('navigation', { name: 'Steps' }).getByRole('button')).toHaveText([
    /^3 · power-on1 Jan 1970/,
  ]);
  await page.keyboard.press('n');
  await expect(chosen).toContainText('rejected by certificate-valid-now');
  await page.getByLabel('Find in events').fill('power-on');
  await expect(page.getByRole('status', { name: 'Matching events' })).toHaveText('1');
  await page.keyboard.press('Enter');
  await expect(chosen).toContainText('Step 3: power-on');
  await page.getByRole('button', { name: 'Next refusal' }).click();
  await expect(chosen).toContainText('rejected by certificate-valid-now');
});
