import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { eventNamed, test } from './page-test.ts';

/** They go into the README where somebody asks for that: each run would change them by a few milliseconds. */
const isKept = process.env['REHEARSAL_PICTURES'] === '1';
const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');

test('pictures of overview and scenario are small enough for the README', async ({ page, real }, info) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const keep = async (name: string): Promise<void> => {
    const path = info.outputPath(name);
    await page.screenshot({ path });
    expect(statSync(path).size).toBeLessThan(200_000);
    if (!isKept) return;
    mkdirSync(folder, { recursive: true });
    copyFileSync(path, join(folder, name));
  };
  await page.goto(real);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await keep('report-overview.png');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByLabel('Text').fill('P6M factory-root');
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await (await eventNamed(page, /no, by ca-valid-now/)).click();
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Decided by');
  await keep('report-scenario.png');
});
