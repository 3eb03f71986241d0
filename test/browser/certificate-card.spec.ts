import { X509Certificate } from 'node:crypto';
import { expect } from '@playwright/test';
import { eventNamed, graveFindings, isTooWide, test } from './page-test.ts';

test('the event that issues a certificate shows the fields and the PEM of the certificate', async ({ page, real }) => {
  await page.goto(`${real}#?text=P6M%20factory-root`);
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await (await eventNamed(page, /thermostat: a certificate for thermostat/)).click();
  const detail = page.getByRole('complementary', { name: 'Event' });
  await detail.getByText('PEM', { exact: true }).click();
  const certificate = new X509Certificate((await detail.locator('.pem pre').textContent()) ?? '');
  const pairs = (hex: string): string => (hex.match(/../g) ?? []).join(':');
  const fields = await detail.locator('.certificate .facts-list > div').allTextContents();
  expect(fields).toEqual(
    expect.arrayContaining([
      'SubjectCN=thermostat',
      `Serial number${pairs(certificate.serialNumber)}`,
      'Alternative namesnone',
      'Key usagedigitalSignature (critical)',
      'Extended key usageclientAuth',
      'Basic constraintsnot a CA (critical)',
      'Public keyEC prime256v1',
      `SHA-1${certificate.fingerprint}`,
      `SHA-256${certificate.fingerprint256}`,
    ]),
  );
  await expect(detail.getByRole('button', { name: 'Copy PEM' })).toBeVisible();
  expect(await graveFindings(page)).toEqual([]);
});

test('a decision shows each certificate of its chain in a folded card, also in a window 390 px wide', async ({
  page,
  real,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${real}#?text=P6M%20factory-root`);
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
  await (await eventNamed(page, /rejected by ca-valid-now/)).click();
  const cards = page.getByRole('complementary', { name: 'Event' }).locator('details.certificate');
  await expect(cards).toHaveCount(3);
  await cards.last().getByText('X.509 certificate of CN=thermostat').click();
  await expect(cards.last().getByText('EC prime256v1')).toBeVisible();
  expect(await isTooWide(page)).toBe(false);
});
