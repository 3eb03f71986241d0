import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { eventNamed, test } from './page-test.ts';
import { openStage, playToTheTheft, test as studioTest } from './studio-test.ts';

/** They go into the README where somebody asks for that: each run would change them by a few milliseconds. */
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
  await page.getByLabel('Text').fill('P6M factory-root');
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await (await eventNamed(page, /no, by ca-valid-now/)).click();
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Decided by');
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
