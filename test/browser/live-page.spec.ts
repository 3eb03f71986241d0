import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test as base } from '@playwright/test';
import type { Ready } from '../../cli/serve/ready.ts';
import { withinRealTime } from '../../core/time/clock.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import { curl, registerByKey, secret, tokenHeader } from '../cli/serve/lab-process.ts';
import { complaintsOf, needsBrowser } from './needs-browser.ts';
import { graveFindings, isTooWide } from './page-test.ts';

const yaml = `
pki: { root: {}, factory: { issuer: root } }
cloud: { assignment: PT0S, enrollmentGroups: { thermostats: { symmetricKey: true }, cams: { x509: { ca: factory } } } }
enrollments: { gauge: { symmetricKey: true } }
`;

interface Labs {
  readonly needsBrowser: void;
  readonly ready: Ready;
}

/** A test with a real `rehearse serve`. The page must send no request to another server and throw no error. */
const test = base.extend<Labs>({
  needsBrowser: [({}, use, info) => needsBrowser({}, use, info), { auto: true }],
  ready: async ({ page }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'rehearse-live-'));
    writeFileSync(join(folder, 'lab.yaml'), yaml);
    const command = join(import.meta.dirname, '..', '..', 'cli', 'rehearse.mjs');
    const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
    const child = spawn(process.execPath, [command, 'serve', 'lab.yaml', '--json', ...ports], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let said = '';
      const line = new Promise<string>((done) =>
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.includes('\n')) done(said);
        }),
      );
      const ready = JSON.parse(await withinRealTime(line, 60_000, 'the lab was not ready')) as Ready;
      const complaints = complaintsOf(page, (url) => url.startsWith(ready.control));
      await use(ready);
      expect(complaints).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Makes three registrations: DPS assigns thermostat-1 and refuses the other two devices. */
async function registerThree(ready: Ready): Promise<void> {
  const key = await secret(ready, 'thermostats primaryKey');
  const own = (id: string) => deriveDeviceKey(key, id);
  await registerByKey(ready, 'thermostat-1', own('thermostat-1'));
  await registerByKey(ready, 'thermostat-2', own('thermostat-1'));
  const expired = tokenHeader(ready, 'thermostat-3', own('thermostat-3'), Date.now() / 1000 - 86_400);
  await curl(ready, 'PUT', 'thermostat-3/register', expired, {});
}

function device(page: Page, name: string) {
  return page.getByRole('region', { name: 'Devices' }).getByRole('listitem').filter({ hasText: name }).first();
}

for (const width of [390, 1280]) {
  test(`the live page names the device, the check and the reason of each refused registration in a window ${width} px wide`, async ({
    page,
    ready,
  }, info) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(ready.page);
    await expect(page.getByText('No device has connected yet')).toBeVisible();
    await expect(page.getByText('No lines yet.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Log lines' })).toBeHidden();
    expect(page.url()).not.toContain('token');
    await registerThree(ready);
    await expect(page.getByText('2 of 3 devices refused')).toBeVisible();
    await expect(device(page, 'thermostat-2')).toContainText('token-signature-matches');
    await expect(device(page, 'thermostat-2')).toContainText(
      'the token is signed with a key that is not in the enrollment',
    );
    await expect(device(page, 'thermostat-3')).toContainText('token-fresh');
    await expect(device(page, 'thermostat-1')).toContainText('assigned');
    await expect(page.getByText('1 device, 0 telemetry messages')).toBeVisible();
    expect(await graveFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    // By default the log lists only decisions. The user can also show messages and handshakes.
    const log = page.getByRole('region', { name: 'Log lines' });
    await expect(log).toContainText('DPS refused thermostat-2 over HTTPS');
    await expect(log).not.toContainText('ClientHello');
    await page.getByLabel('Show messages and handshakes').check();
    await expect(log).toContainText('ClientHello');
    await page.getByLabel('Show messages and handshakes').uncheck();
    const pictures = process.env['REHEARSAL_LIVE_PICTURES'] ?? info.outputPath();
    await page.screenshot({ path: join(pictures, `live-${width}.png`), fullPage: true });
    await device(page, 'thermostat-2').locator('summary').first().click();
    await expect(device(page, 'thermostat-2').getByText('Decided by token-signature-matches')).toBeVisible();
    expect(await graveFindings(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.screenshot({ path: join(pictures, `live-open-${width}.png`), fullPage: true });
  });
}

test('the live page lists the secrets of the lab, and shows a value when the user requests it', async ({
  page,
  ready,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(ready.page);
  const secrets = page.getByRole('region', { name: 'Secrets' });
  await secrets.getByRole('heading', { name: 'Secrets' }).click();
  const item = secrets.getByRole('listitem').filter({ hasText: 'thermostats primaryKey' });
  await expect(item).toContainText('enrollment group key, in memory only');
  const value = (await secret(ready, 'thermostats primaryKey')).toString('base64');
  expect(await page.content()).not.toContain(value);
  await item.getByRole('button', { name: 'Show thermostats primaryKey' }).click();
  await expect(item).toContainText(value);
  await expect(item.getByRole('button', { name: 'Copy' })).toBeVisible();
  expect(await isTooWide(page)).toBe(false);
  expect(await graveFindings(page)).toEqual([]);
});

/** Registers cam-1 with a certificate that openssl issued, and returns the certificate. */
async function registerByCertificate(ready: Ready): Promise<X509Certificate> {
  const pki = join(dirname(ready.ca), 'pki');
  const openssl = (line: string) => promisify(execFile)('openssl', line.split(' '), { cwd: pki });
  await openssl(
    'req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=cam-1 -keyout cam.key -out cam.csr',
  );
  await openssl('x509 -req -in cam.csr -CA factory.pem -CAkey factory-key.pem -days 1 -out cam.pem');
  const chain = ['cam.pem', 'factory-chain.pem'].map((name) => readFileSync(join(pki, name), 'utf8')).join('');
  writeFileSync(join(pki, 'cam-chain.pem'), chain);
  const credential = ['--cert', join(pki, 'cam-chain.pem'), '--key', join(pki, 'cam.key')];
  await curl(ready, 'PUT', 'cam-1/register', credential, { registrationId: 'cam-1' });
  return new X509Certificate(readFileSync(join(pki, 'cam.pem')));
}

test('the live page shows the certificate of a decision with the same card as the report', async ({ page, ready }) => {
  await page.goto(ready.page);
  const certificate = await registerByCertificate(ready);
  await expect(device(page, 'cam-1').locator('summary').first()).toContainText('cam-1 accepted');
  await device(page, 'cam-1').locator('summary').first().click();
  const card = device(page, 'cam-1').locator('details.certificate').last();
  await card.getByText('X.509 certificate of CN=cam-1').click();
  await expect(card.getByText(certificate.fingerprint256, { exact: true })).toBeVisible();
  await card.getByText('PEM', { exact: true }).click();
  expect(new X509Certificate((await card.locator('.pem pre').textContent()) ?? '').raw).toEqual(certificate.raw);
  await expect(card.getByRole('button', { name: 'Copy PEM' })).toBeVisible();
  expect(await graveFindings(page)).toEqual([]);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await isTooWide(page)).toBe(false);
  }
});

test('the live page advances the clock, and adds and removes a fault; a reload keeps the token, and a new tab has no token', async ({
  page,
  ready,
  context,
}) => {
  await page.goto(ready.page);
  await page.getByLabel('Registration ID').fill('thermostat-9');
  await page.getByRole('button', { name: 'Add fault' }).click();
  await expect(page.getByText('answer 503 for thermostat-9, applied 0 times')).toBeVisible();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await expect(page.getByText('answer 503 for thermostat-9')).toBeHidden();
  await page.getByLabel('Advance by').selectOption('P1Y');
  await page.getByRole('button', { name: 'Advance' }).click();
  await expect(page.getByRole('region', { name: 'Log lines' })).toContainText('the clock advanced by');
  await page.reload();
  await expect(page.getByRole('region', { name: 'Log lines' })).toContainText('the clock advanced by');
  const other = await context.newPage();
  await other.goto(ready.control);
  await expect(other.getByText('it has the token of this run')).toBeVisible();
});
