import { expect } from '@playwright/test';
import { graveFindings, isTooWide } from './page-test.ts';
import { openStage, test } from './studio-test.ts';

test('if the user selects TPM attestation, one click makes the other necessary changes, and the changed scenario runs to its end', async ({
  page,
  studio,
}) => {
  await openStage(page, studio, /A key leaks from one device/);
  await page.getByLabel('attestation', { exact: true }).selectOption('tpm');
  const offer = page.getByRole('region', { name: 'Changes that the choice needs' });
  await expect(offer).toContainText('Remove step 2, install-key.', { timeout: 30_000 });
  await expect(offer).toContainText('Add extract-ek: sensor.');
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
  await offer.getByRole('button', { name: 'Make these changes' }).click();
  await expect(offer).toHaveCount(0);
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const result = page.getByRole('region', { name: /^Result/ }).first();
  await expect(result).toContainText('assigned', { timeout: 30_000 });
  await expect(result).not.toContainText('not extracted');
  await expect(page.getByRole('row', { name: /power-on/ }).first()).toContainText('assigned to hub-eu');
  // The file on the disk does not change.
  expect(studio.read('attacks/stolen-keys/shared-key-leaks.yaml')).toContain('attestation: symmetricKey');
});

test('the user can undo a choice that needs other changes', async ({ page, studio }) => {
  await openStage(page, studio, /A key leaks from one device/);
  await page.getByLabel('attestation', { exact: true }).selectOption('x509');
  const offer = page.getByRole('region', { name: 'Changes that the choice needs' });
  await expect(offer).toContainText('Add issue-certificate: sensor.', { timeout: 30_000 });
  await offer.getByRole('button', { name: 'Undo the choice' }).click();
  await expect(offer).toHaveCount(0);
  await expect(page.getByLabel('attestation', { exact: true })).toHaveValue('symmetricKey');
});

test('the studio offers no changes after a choice that needs none, and the variant stays selected', async ({
  page,
  studio,
}) => {
  await openStage(page, studio, /waits eleven months/);
  await page.getByRole('radio', { name: /P2Y/ }).check();
  await page.getByLabel('transport', { exact: true }).selectOption('amqp');
  // Before the studio has applied the choice, there is neither a check nor an offer, so the lines below would prove nothing.
  await expect(page.getByRole('radio', { name: /P2Y.*amqp/ })).toBeChecked({ timeout: 30_000 });
  await expect(page.getByText('Checking whether the scenario can run')).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Changes that the choice needs' })).toHaveCount(0);
});

test('a choice that the user makes before the server has checked the selected variant changes that variant', async ({
  page,
  studio,
}) => {
  await openStage(page, studio, /waits eleven months/);
  let release = (): void => {};
  const released = new Promise<void>((done) => (release = done));
  await page.route('**/api/check', async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole('radio', { name: /P2Y/ }).check();
  // The matrix has this value, so the field changes the entry of one variant.
  await page.getByLabel('transport', { exact: true }).selectOption('amqp');
  await page.getByLabel('transport', { exact: true }).selectOption('https');
  release();
  await expect(page.getByRole('radio', { name: /P2Y.*https/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: /P90D.*mqtt/ })).toHaveCount(1);
  await expect(page.getByRole('radio', { name: /amqp/ })).toHaveCount(0);
});
