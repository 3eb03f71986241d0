import { expect, type Locator, type Page } from '@playwright/test';
import { openStage, test } from './studio-test.ts';
import { colourNamed, colourOf } from './colour-of.ts';

const outcome = (page: Page) => page.getByRole('region', { name: /Result/ }).first();

/** Expects that an element has a colour: `bad` is the red of the page, `good` is its green. */
async function expectTone(element: Locator, tone: 'good' | 'bad'): Promise<void> {
  expect(await colourOf(element)).toBe(await colourNamed(element.page().locator('body'), `--${tone}`));
}

test('every view of the studio shows an accepted attacker in red as a breach, and a refused attacker in green', async ({
  page,
  context,
  studio,
}) => {
  await openStage(page, studio, /A key leaks from one device/);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: /^Audience/ }).click();
  const audience = await opened;
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // The scenario expects the breach, so the verdict is Passed. The audience must still see that the attacker was accepted.
  await expect(outcome(page)).toContainText('Passed', { timeout: 20_000 });
  await expect(outcome(page)).toContainText('The attacker was accepted as 3 of 3 devices');
  const inTable = outcome(page)
    .getByRole('row', { name: /impersonate/ })
    .first()
    .locator('.attack-badge');
  await expect(inTable).toHaveText('⚠ Breach');
  await expectTone(inTable, 'bad');
  const end = page.getByRole('option', { name: /Breach: sensor-\d+ assigned/ }).last();
  await expectTone(end.locator('.what'), 'bad');
  await page.getByRole('button', { name: 'Reveal the result to the audience' }).click();
  const revealed = audience.getByRole('region', { name: /Result/ });
  await expect(revealed).toContainText('⚠ Breach: 3 of 3 identities impersonated');
  await expectTone(revealed.locator('.attack-badge').first(), 'bad');

  await page.getByRole('radio', { name: /a key of its own/ }).check();
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(outcome(page)).toContainText('The attacker was accepted as 1 of 3 devices', { timeout: 20_000 });
  const refused = outcome(page)
    .getByRole('row', { name: /impersonate/ })
    .first()
    .locator('.attack-badge');
  await expect(refused).toHaveText('✓ Attacker refused');
  await expectTone(refused, 'good');
  await expectTone(
    page
      .getByRole('option', { name: /Attacker refused: sensor-\d+ refused/ })
      .last()
      .locator('.what'),
    'good',
  );
  await page
    .getByRole('link', { name: /^compare with run/ })
    .first()
    .click();
  await expect(page.getByRole('row', { name: /impersonate, actual/ }).first()).toContainText('Breach: ');
  await expect(page.getByRole('row', { name: /impersonate, actual/ }).first()).toContainText('Attacker refused: ');
});

test('at the default pace of the studio, the user can pause a run between the theft of a key and its use by the attacker', async ({
  page,
  studio,
}) => {
  test.setTimeout(90_000);
  await openStage(page, studio, /A key leaks from one device/);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const steps = page.getByRole('option', { name: /Step \d+: (steal-key|impersonate)/ });
  await expect(steps).toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('region', { name: 'Virtual time' })).toContainText('paused by the presenter');
  // At this moment the page does not yet show a step `impersonate`.
  await expect(steps).toHaveText(/steal-key/);
});
