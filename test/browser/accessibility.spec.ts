import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { test as reportTest } from './page-test.ts';
import { openStage, playToTheTheft, test as studioTest } from './studio-test.ts';

/** Returns the findings of axe for three rules, whatever severity axe gives to a finding. */
async function findingsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const findings: readonly string[] = await page.evaluate(
    `axe.run({ runOnly: ['landmark-unique', 'label-content-name-mismatch', 'aria-valid-attr-value'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target)))`,
  );
  return findings;
}

reportTest('the selected event is drawn when the list is scrolled away from it', async ({ page, real }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${real}#?text=group%20key`);
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  const list = page.getByRole('listbox');
  await list.getByRole('option').nth(2).click();
  const active = await list.getAttribute('aria-activedescendant');
  await page.evaluate('window.scrollBy(0, 20000)');
  await expect(list.locator('[aria-posinset="1"]')).toHaveCount(0);
  await expect(page.locator(`#${active}`)).toHaveCount(1);
  expect(await findingsOf(page)).toEqual([]);
});

studioTest('landmarks have different names, and names of buttons contain their text', async ({ page, studio }) => {
  await openStage(page, studio, /A key leaks from one device/);
  await playToTheTheft(page);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('region', { name: /Result/ }).first()).toContainText('Passed');
  await page.getByRole('button', { name: 'Play again' }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Show run 1' })).toBeVisible();
  await expect(page.getByRole('region', { name: /Result/ }).first()).toContainText('Passed');
  expect(await findingsOf(page)).toEqual([]);
});
