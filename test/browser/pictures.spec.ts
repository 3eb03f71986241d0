import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { eventNamed, test } from './page-test.ts';
import { openStage, playToTheTheft, test as studioTest } from './studio-test.ts';

/** Each run draws the pictures slightly differently, so the test replaces the pictures of the README only if this variable is set. */
const isKept = process.env['REHEARSAL_PICTURES'] === '1';
const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');

async function keep(page: Page, info: TestInfo, name: string): Promise<void> {
  const path = info.outputPath(name);
  await page.screenshot({ path });
  expect(statSync(path).size).toBeLessThan(200_000);
  if (!isKept) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(path, join(folder, name));
}

test('pictures of overview and scenario are small enough for the README', async ({ page, real }, info) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(real);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await keep(page, info, 'report-overview.png');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByLabel('Search').fill('P6M factory-root');
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await (await eventNamed(page, /rejected by ca-valid-now/)).click();
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Decided by');
  // A page whose address names an event shows the heading of the page, and the list at the position of this event.
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Decided by');
  await expect(page.getByRole('listbox').getByRole('option', { selected: true })).toBeInViewport({ ratio: 1 });
  await keep(page, info, 'report-scenario.png');
});

studioTest('a picture of the studio is small enough for the README', async ({ page, studio }, info) => {
  await page.setViewportSize({ width: 1280, height: 940 });
  await openStage(page, studio, /A key leaks from one device/);
  await playToTheTheft(page);
  const seat = page.locator('.seat');
  await seat.getByLabel('device', { exact: true }).selectOption('sensor-3');
  await seat.getByLabel('with', { exact: true }).selectOption('flash-dump');
  await seat.getByRole('button', { name: 'Try it' }).click();
  await expect(seat.getByRole('status')).toContainText('attacker as sensor-3: assigned');
  await expect(seat.getByRole('button', { name: 'Try it' })).toBeEnabled();
  await keep(page, info, 'studio.png');
});

studioTest('pictures of two plays in the dark, and of a play in a narrow window', async ({ page, studio }, info) => {
  await page.setViewportSize({ width: 1280, height: 940 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openStage(page, studio, /A key leaks from one device/);
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const outcome = page.getByRole('region', { name: /Result/ }).first();
  await expect(outcome).toContainText('Passed');
  await page.getByLabel(/^a key of its own in every device$/).check();
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(outcome).toContainText('refused by token-signature-matches');
  await page.getByRole('link', { name: 'compare with run 2' }).click();
  await expect(page.getByRole('row', { name: /6 · impersonate, actual differs/ })).toBeVisible();
  await keep(page, info, 'studio-side-by-side.png');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('link', { name: 'Stage' }).click();
  await page.getByLabel('Pace').selectOption('step by step');
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(page.getByText('before step 1, enroll')).toBeVisible();
  await page.getByLabel('Pace').selectOption('1 month per second');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/90 days .*pass, until/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Virtual time' })).toContainText('Mar 2026');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused by the presenter')).toBeVisible();
  await keep(page, info, 'studio-narrow.png');
});
