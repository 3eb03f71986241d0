import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { graveFindings, isTooWide } from './page-test.ts';
import { openStage, playToTheTheft, test } from './studio-test.ts';

const leak = /A key leaks from one device/;
const state = (page: Page) => page.getByRole('region', { name: 'Virtual time' });
const outcome = (page: Page) => page.getByRole('region', { name: /Result/ }).first();

test('a trainer plays the scenario of a leaked key month by month, changes one choice, plays the scenario again and compares both results', async ({
  page,
  studio,
}) => {
  await openStage(page, studio, leak);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'A key leaks from one device: one key in every device',
  );
  await expect(page.getByText('A thief buys one device and reads its flash.').first()).toBeVisible();
  // The page has removed the token from its address.
  expect(page.url()).not.toContain('token');
  await page.getByLabel('Pace').selectOption('1 month per second');
  await page.getByText('Breakpoints').click();
  await page.getByLabel('When a party acts').selectOption('attacker');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(state(page)).toContainText('pass, until');
  await expect(state(page)).toContainText('attacker acts', { timeout: 15_000 });
  await expect(state(page)).toContainText('5 May 2026');
  await page.getByRole('button', { name: 'remove' }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(outcome(page)).toContainText('Passed');
  await expect(outcome(page)).toContainText('attacker as sensor-2');

  await page.getByText('Step 1 · enroll').click();
  await page.locator('.choice-group', { hasText: 'Step 1 · enroll' }).getByLabel('shared key').selectOption('');
  await expect(page.getByText('was fleet-key')).toBeVisible();
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(outcome(page)).toContainText('Failed');
  await expect(outcome(page)).toContainText('refused by token-signature-matches');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const played = page.getByRole('region', { name: 'Runs' });
  await expect(played).toContainText('changed: timeline 1 enroll sharedKey: none');
  await page.getByRole('button', { name: 'Show run 1' }).click();
  await expect(outcome(page)).toContainText('Passed');
  await page.getByRole('button', { name: 'Show run 2' }).click();
  await expect(outcome(page)).toContainText('Failed');

  await page.getByRole('link', { name: 'compare with run 2' }).click();
  const compared = page.getByRole('table').first();
  await expect(compared.getByRole('row', { name: /^Verdict differs/ })).toContainText('Passed');
  await expect(compared.getByRole('row', { name: /^Verdict differs/ })).toContainText('Failed');
  await expect(compared.getByRole('row', { name: /6 · impersonate, actual differs/ })).toContainText(
    'token-signature-matches',
  );
  expect(studio.read('attacks/stolen-keys/shared-key-leaks.yaml')).toContain('shared: fleet-key');
});

test('the menu of paces does not cut off the name of a pace', async ({ page, studio }) => {
  await openStage(page, studio, leak);
  const missing = await page.getByLabel('Pace').evaluate((select) => {
    const natural = select.parentElement.appendChild(select.cloneNode(true));
    natural.style.width = 'max-content';
    const width = natural.getBoundingClientRect().width - select.getBoundingClientRect().width;
    natural.remove();
    return width;
  });
  expect(missing).toBeLessThanOrEqual(0.5);
});

test('the user can step through a run with the keyboard alone', async ({ page, studio }) => {
  await openStage(page, studio, leak);
  await page.getByLabel('Pace').selectOption('step by step');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press(' ');
  await expect(state(page)).toContainText('before step 1, enroll');
  await page.keyboard.press('.');
  await expect(state(page)).toContainText('before step 2, install-key');
  await page.keyboard.press('.');
  await expect(state(page)).toContainText('before step 3, package');
  await page.getByRole('button', { name: 'Stop' }).focus();
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toContainText('Unknown');
  await expect(outcome(page)).toContainText('stopped before the end');
});

test('during a run the clock moves, and the selected event stays selected when new events arrive', async ({
  page,
  studio,
}) => {
  await openStage(page, studio, leak);
  await page.getByLabel('Pace').selectOption('1 week per second');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(state(page)).toContainText('90 days pass, until 5 Apr 2026');
  const day = state(page).locator('.now b');
  const first = await day.innerText();
  await expect(day).not.toHaveText(first);
  await expect(state(page)).toContainText('Playing');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(state(page)).toContainText('paused by the presenter');
  await expect(day).not.toHaveText(first);
  const chosen = page.getByRole('listbox', { name: /^Events of/ }).getByRole('option', { selected: true });
  const newest = await chosen.innerText();
  await page.locator('.frame').hover();
  await page.mouse.wheel(0, -200);
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(outcome(page)).toContainText('Passed');
  // After many more events, the list still shows the event that the user selected.
  await expect(chosen).toHaveText(newest, { useInnerText: true });
});

test('a run in the studio continues while the user views another scenario', async ({ page, studio }) => {
  await openStage(page, studio, leak);
  await page.getByLabel('Pace').selectOption('step by step');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(state(page)).toContainText('before step 1, enroll');
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await page.getByRole('button', { name: /is a title/ }).click();
  await expect(page.getByText('Run 1 has not ended yet, and only one scenario can run at a time')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A key leaks');
  await expect(state(page)).toContainText('before step 1, enroll');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(outcome(page)).toContainText('stopped before the end');
});

test('the search finds a scenario by tag and text, and Enter opens it', async ({ page, studio }) => {
  await page.goto(studio.page);
  const cards = page.getByRole('article');
  await expect(page.getByRole('status')).toHaveText('3 of 3 files');
  await page.getByLabel('Tag').selectOption({ label: 'symmetric-key (1)' });
  await expect(cards).toHaveCount(1);
  await page.getByLabel('Show').selectOption('no attacks');
  await expect(page.getByText('No scenarios match.')).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(cards).toHaveCount(3);
  await page.getByLabel('Search').fill('flash read');
  await page.getByLabel('Search').press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A key leaks from one device');
});

test('the search of the studio also finds lessons', async ({ page, studio }) => {
  await page.goto(studio.page);
  const lessons = page.getByRole('region', { name: 'Lessons of 45 minutes' });
  await expect(lessons.getByRole('listitem')).toHaveCount(5);
  await page.getByLabel('Search').fill('lesson warehouse');
  await expect(lessons.getByRole('link')).toHaveText('2. A year in the warehouse');
  await page.getByLabel('Search').fill('flash');
  await expect(lessons).toBeHidden();
});

test('the studio explains why a page has no content, and links to a page with content', async ({ page, studio }) => {
  await page.goto(studio.page);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const [hash, text, link] of [
    ['lesson/99', 'There is no lesson 99', '2. A year in the warehouse'],
    ['handout/99', 'There is no lesson 99', '2. A year in the warehouse'],
    ['compare', 'The comparison needs two runs that have ended.', 'Choose a scenario to play.'],
    ['compare/7/9', 'This studio has no run 7 and no run 9.', 'Choose a scenario to play.'],
    ['text', 'No scenario is open.', 'Choose one.'],
  ] as const) {
    await page.evaluate(`location.hash = '${hash}'`);
    await expect(page.getByRole('main')).toContainText(text);
    await expect(page.getByRole('main').getByRole('link', { name: link })).toBeVisible();
    await expect(page.getByRole('combobox')).toHaveCount(0);
    expect(await graveFindings(page)).toEqual([]);
  }
});

test('a guest at the training can act as the attacker during a run', async ({ page, studio }) => {
  await openStage(page, studio, leak);
  await playToTheTheft(page);
  const seat = page.locator('.seat');
  await expect(seat).toContainText('flash-dump: a symmetric key');
  await expect(seat).toContainText(
    'shared key fleet-key: unneeded copy at line; shared with another device at sensor-1, sensor-2, sensor-3, sensor-4; stolen at loot flash-dump',
  );
  await expect(seat.getByLabel('Action')).toContainText('Register with the stolen key');
  await expect(seat.locator('.seat-tally')).toHaveText('0 of 4 devices impersonated');
  // The defaults of the form are complete, so the person at the attacker console can send the form at once.
  await seat.getByRole('button', { name: 'Try it' }).click();
  await expect(seat.getByRole('status')).toContainText('Breach: attacker as sensor-1: assigned');
  await expect(seat.locator('.seat-tally')).toHaveText('Breach: 1 of 4 devices impersonated');
  await expect(seat.getByLabel('device', { exact: true })).toHaveValue('sensor-2');
  await seat.getByLabel('device', { exact: true }).selectOption('sensor-3');
  await seat.getByLabel('with', { exact: true }).selectOption('flash-dump');
  await seat.getByRole('button', { name: 'Try it' }).click();
  await expect(seat.getByRole('status')).toContainText('attacker as sensor-3: assigned');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(outcome(page)).toContainText('a guest acted as the attacker 2 times');
});

test('the editor shows mistakes at their positions, completes words, and saves on request', async ({
  page,
  studio,
}) => {
  const file = 'odd.yaml';
  await openStage(page, studio, /is a title/);
  await page.getByRole('link', { name: 'Text' }).click();
  const editor = page.getByRole('textbox', { name: 'Text of the scenario' });
  const before = studio.read(file);
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('  - steel-key: { device: sensor, as: loot }');
  await expect(page.getByRole('list', { name: 'Mistakes' })).toContainText(
    'line 9, column 5 unknown step "steel-key"; did you mean "steal-key"?',
  );
  await expect(page.locator('.cm-lintRange-error')).toHaveText(/steel-key/);
  await page.getByRole('link', { name: 'Stage' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeDisabled();
  await expect(page.getByText('The scenario cannot run')).toBeVisible();
  // The page still shows the title and the choices of the last text that had no mistakes.
  await expect(page.getByRole('heading', { level: 1 })).toContainText('is a title');
  await expect(page.getByRole('group', { name: 'Choices of the last text without mistakes' })).toContainText(
    'Device sensor',
  );
  await expect(page.getByLabel('attestation', { exact: true })).toBeDisabled();
  await page.getByRole('link', { name: 'Text' }).click();
  await expect(editor).toContainText('steel-key');
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  // The completion does not change the spaces before the first word.
  await page.keyboard.type('- pack');
  await page.keyboard.press('Control+ ');
  await page.getByRole('option', { name: 'package' }).click();
  await page.keyboard.type('sensor');
  await expect(page.getByText('differs from the file, no mistakes')).toBeVisible();
  expect(studio.read(file)).toBe(before);
  await page.getByRole('button', { name: 'Save to the file' }).click();
  await expect(page.getByText('saved, no mistakes')).toBeVisible();
  expect(studio.read(file)).toBe(`${before}  - package: sensor`);
});

test('the editor restores unsaved text, and does not overwrite a later change of the file on the disk', async ({
  page,
  studio,
}) => {
  const file = 'odd.yaml';
  const editor = page.getByRole('textbox', { name: 'Text of the scenario' });
  await openStage(page, studio, /is a title/);
  await page.getByRole('link', { name: 'Text' }).click();
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await page.getByRole('button', { name: leak }).click();
  await page.getByRole('link', { name: 'Text' }).click();
  await expect(editor).toContainText('fleet-key');
  const theirs = `# theirs\n${studio.read(file)}`;
  studio.write(file, theirs);
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await page.getByRole('button', { name: /is a title/ }).click();
  await page.getByRole('link', { name: 'Text' }).click();
  await expect(editor).toContainText('# mine');
  await page.getByRole('button', { name: 'Save to the file' }).click();
  await expect(page.getByRole('alert')).toContainText('changed on disk after it was opened');
  expect(studio.read(file)).toBe(theirs);
  await page.getByRole('button', { name: 'Revert' }).click();
  await expect(editor).toContainText('# theirs');
  await expect(editor).not.toContainText('# mine');
  await expect(page.getByText('same as the file, no mistakes')).toBeVisible();
});

test('the studio shows texts of a scenario and never executes them', async ({ page, studio }) => {
  await openStage(page, studio, /is a title/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('<img src=x onerror=alert(1)> is a title');
  await expect(page.getByText('<script>alert(2)</script>')).toBeVisible();
  expect(await page.locator('#page img, #page script').count()).toBe(0);
});

test('the audience sees events at once, and results only after the presenter reveals them', async ({
  page,
  context,
  studio,
}) => {
  await openStage(page, studio, leak);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Audience’s window' }).click();
  const audience = await opened;
  await expect(audience).not.toHaveURL(/audience/);
  await expect(audience.getByText('The scenario starts when the presenter presses Play.')).toBeVisible();
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByText('Breakpoints').click();
  await page.getByLabel('When a check is applied').selectOption('token-signature-matches');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(state(page)).toContainText('applies token-signature-matches');
  await expect(audience.getByText('Paused', { exact: true })).toBeVisible();
  await expect(audience.getByText('token-signature-matches')).toHaveCount(0);
  // Only the presenter sees TLS handshakes. In the large type of the audience window, handshakes would hide the important events.
  await expect(audience.getByRole('list').last()).toContainText('tries to get into service');
  await expect(audience.getByText('ClientHello')).toHaveCount(0);
  await page.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(outcome(page)).toContainText('Passed');
  await expect(audience.getByRole('heading', { level: 1 })).toContainText('A key leaks');
  await expect(audience.getByText('Ended', { exact: true })).toBeVisible();
  await expect(audience.getByRole('listitem').filter({ hasText: 'accepted its telemetry' })).toHaveCount(0);
  for (const spoiler of ['Passed', 'Lesson', 'If devices share a key, one theft affects all of them']) {
    await expect(audience.getByText(spoiler)).toHaveCount(0);
  }
  await expect(audience.getByRole('heading', { name: 'Result' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Reveal the result to the audience' }).click();
  await expect(audience.getByText('Passed')).toBeVisible();
  await expect(audience.getByRole('heading', { name: 'Result' })).toBeVisible();
  await expect(audience.getByRole('listitem').filter({ hasText: 'accepted its telemetry' }).first()).toBeVisible();
  await expect(audience.getByText('If devices share a key, one theft affects all of them')).toBeVisible();
});

test('a web page of another origin cannot start a run in the studio', async ({ page, context, studio }) => {
  await openStage(page, studio, leak);
  const { origin } = new URL(studio.page);
  const body = JSON.stringify({ file: 'odd.yaml', text: 'x', id: 'odd' });
  const evil = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<form id="f" method="post" action="${origin}/api/plays" enctype="text/plain" target="there"><input name='${body}'></form><iframe name="there"></iframe>
<script>
  window.tried = Promise.all([
    fetch('${origin}/api/plays', { method: 'POST', mode: 'no-cors', body: '${body}' }).then(() => 'sent', () => 'kept'),
    fetch('${origin}/api/files').then((answer) => answer.text(), () => 'kept'),
  ]);
  f.submit();
</script>`);
  });
  evil.listen(0, '127.0.0.1');
  await once(evil, 'listening');
  const elsewhere = await context.newPage();
  const form = context.waitForEvent('response', (response) => {
    const request = response.request();
    return request.url() === `${origin}/api/plays` && request.isNavigationRequest();
  });
  await elsewhere.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const [, read] = await elsewhere.evaluate<readonly string[]>('window.tried');
  expect(read).toBe('kept');
  // The browser sent the form of the other page, and the studio refused the form.
  expect((await form).status()).toBe(403);
  await page.reload();
  await page.getByRole('link', { name: 'Scenarios' }).click();
  await page.getByRole('button', { name: leak }).click();
  await expect(page.getByText('The scenario has not started yet.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Runs' })).toHaveCount(0);
  evil.closeAllConnections();
  evil.close();
});

test('without a token the page tells the user how to open the studio', async ({ page, studio }) => {
  await page.goto(new URL(studio.page).origin);
  await expect(page.getByText('Open the studio with the address that "rehearse studio" printed')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the studio is accessible and fits into a narrow window, ${scheme} colour scheme`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openStage(page, studio, leak);
    await playToTheTheft(page);
    await expect(page.getByText('flash-dump: a symmetric key')).toBeVisible();
    expect(await graveFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await isTooWide(page)).toBe(false);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(outcome(page)).toContainText('Passed');
    expect(await isTooWide(page)).toBe(false);
    for (const place of ['Text', 'Scenarios']) {
      await page.getByRole('link', { name: place, exact: true }).click();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await isTooWide(page)).toBe(false);
      expect(await graveFindings(page)).toEqual([]);
    }
  });
}
