import { expect, type Page } from '@playwright/test';
import { graveFindings, isTooWide } from './page-test.ts';
import { openAudience, test } from './studio-test.ts';

/** Returns the size of the smallest text on the page, in CSS pixels, without hidden texts. */
async function smallestText(page: Page): Promise<number> {
  const size: number = await page.evaluate(`Math.min(...[...document.querySelectorAll('main *')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''))
    .filter((one) => one.checkVisibility() && one.closest('[aria-hidden=true]') === null)
    .map((one) => parseFloat(getComputedStyle(one).fontSize) * (one.currentCSSZoom ?? 1)))`);
  return size;
}

const bar = (page: Page) => page.getByRole('region', { name: /^(Part|Closing quiz)/ });

test('a lesson opens its scenario with a breakpoint, asks the audience for a bet, and reveals the outcome to the audience', async ({
  page,
  context,
  studio,
}) => {
  test.setTimeout(180_000);
  await page.goto(studio.page);
  await page.getByRole('link', { name: '1. One key for all' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One key for all');
  expect(await graveFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  await expect(bar(page)).toContainText('Part 1 of 6: How does a sensor prove its identity?');
  await expect(bar(page)).toContainText('of 5 min');
  await bar(page).getByRole('button', { name: 'Next part' }).click();
  await expect(bar(page)).toContainText('Part 2 of 6: Play until the theft');
  await expect(page.getByText('before step 6, impersonate', { exact: true })).toBeVisible();
  const audience = await openAudience(page, context);
  await audience.setViewportSize({ width: 1920, height: 1080 });
  await expect(audience.getByRole('heading', { level: 1 })).toContainText('one key in every device');
  await expect(audience.getByText('See how many devices one stolen key affects')).toBeVisible();
  expect(await smallestText(audience)).toBeGreaterThanOrEqual(28);

  const bet = page.getByRole('region', { name: 'Bet' });
  await bet.getByRole('button', { name: 'Show to the audience' }).click();
  await bet.getByRole('button', { name: 'One more hand for: All four' }).click();
  await expect(audience.getByRole('heading', { name: /How many of the four sensors/ })).toBeVisible();
  await expect(audience.getByRole('listitem').filter({ hasText: 'All four' })).toContainText('1');
  // The audience sees all options without scrolling.
  await expect(audience.getByRole('listitem').filter({ hasText: 'All four' })).toBeInViewport({ ratio: 1 });

  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Virtual time' })).toContainText(
    'before step 6, impersonate (breakpoint)',
    { timeout: 30_000 },
  );
  await expect(audience.getByRole('figure', { name: 'The device is at the site.' })).toBeVisible();
  await expect(audience.getByText('attacker', { exact: true })).toBeVisible();
  expect(await smallestText(audience)).toBeGreaterThanOrEqual(28);
  expect(await graveFindings(audience)).toEqual([]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('region', { name: /^Result/ }).first()).toContainText('Passed', { timeout: 30_000 });
  await expect(audience.getByText('Breach')).toHaveCount(0);
  await bet.getByRole('button', { name: 'Show the answer' }).click();
  await expect(audience.getByRole('listitem').filter({ hasText: '✓ All four' })).toBeVisible();
  await page.getByRole('button', { name: 'Reveal the result to the audience' }).click();
  await expect(audience.locator('.headline')).toHaveText('⚠ Breach: 3 of 3 identities impersonated');
  expect(await smallestText(audience)).toBeGreaterThanOrEqual(28);
  expect(await isTooWide(audience)).toBe(false);
  expect(await graveFindings(audience)).toEqual([]);
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await audience.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
  expect(await isTooWide(audience)).toBe(false);
});

test('the audience sees the bar of a certificate get shorter until the certificate expires', async ({
  page,
  context,
  studio,
}) => {
  test.setTimeout(120_000);
  await page.goto(studio.page);
  await page.getByRole('button', { name: /waits eleven months/ }).click();
  await page.getByRole('checkbox', { name: 'The audience sees decisions as they happen' }).check();
  const audience = await openAudience(page, context);
  await page.getByLabel('Pace').selectOption('1 week per second');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const drain = audience.getByRole('region', { name: 'Certificates' });
  await expect(drain).toContainText(/Certificate of thermostat: \d+ \w+ left/, { timeout: 20_000 });
  const width = async (): Promise<number> => (await drain.locator('.drain-bar span').boundingBox())?.width ?? 0;
  const first = await width();
  await expect.poll(width).toBeLessThan(first);
  await page.getByLabel('Pace').selectOption('without pauses');
  await expect(drain).toContainText('expired', { timeout: 30_000 });
  // DPS decides on the device eight months after its certificate has expired. The page shows the result panel only at the end of the play. At a pace of a week per second,
  // the play would take 35 s.
  await expect(page.getByRole('region', { name: /^Result/ }).first()).toContainText('Passed', { timeout: 60_000 });
  const deciding = audience.getByRole('region', { name: 'DPS refuses thermostat' });
  await expect(deciding).toContainText('certificate-valid-now');
  await expect(deciding).toContainText(/expired 2\d\d days ago/);

  await page.getByRole('radio', { name: /P2Y/ }).check();
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(page.getByRole('link', { name: 'Side by side' })).toBeVisible();
  await expect(page.getByRole('region', { name: /^Result/ }).first()).toContainText('Passed', { timeout: 30_000 });
  await page.getByRole('link', { name: 'Side by side' }).click();
  await page.getByRole('button', { name: 'Show both to the audience' }).click();
  await expect(audience.locator('.half')).toHaveCount(2);
  await expect(audience.getByText('✕ thermostat is not in service')).toBeVisible();
  await expect(audience.getByText('✓ thermostat is in service').first()).toBeVisible();
  expect(await graveFindings(audience)).toEqual([]);
  expect(await isTooWide(audience)).toBe(false);
});

test('a lesson ends with a quiz and has a handout without answers', async ({ page, studio }) => {
  await page.goto(studio.page);
  await page.getByRole('link', { name: '1. One key for all' }).click();
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  for (let part = 1; part < 6; part++) await bar(page).getByRole('button', { name: 'Next part' }).click();
  await bar(page).getByRole('button', { name: 'Go to the quiz' }).click();
  await expect(bar(page)).toContainText('Closing quiz');
  const question = page.getByRole('region', { name: 'Question 1' });
  await question.getByRole('button', { name: 'Show the answer' }).click();
  await expect(question).toContainText('token-signature-matches ✓');
  await bar(page).getByRole('button', { name: 'End the lesson' }).click();
  await expect(bar(page)).toHaveCount(0);
  await page.evaluate(`location.hash = '#handout/1'`);
  await expect(page.getByRole('heading', { name: 'Your bets' })).toBeVisible();
  await expect(page.getByText('✓')).toHaveCount(0);
  expect(await graveFindings(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
});

test('a lesson shows the command to use if the studio does not have the scenario of the lesson', async ({
  page,
  studio,
}) => {
  await page.goto(studio.page);
  await page.getByRole('link', { name: '4. The stolen station' }).click();
  await page.getByRole('button', { name: 'Start the lesson' }).click();
  await bar(page).getByRole('button', { name: 'Next part' }).click();
  await expect(page.getByRole('alert')).toContainText('Start the studio with: npx dps-rehearsal studio scenarios');
});
