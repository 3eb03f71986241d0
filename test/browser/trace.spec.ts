import { expect } from '@playwright/test';
import type { HistoryEvent } from '../../core/history/events.ts';
import { fleetRun } from './fleet.ts';
import { graveFindings, isTooWide, test } from './page-test.ts';
import { played, playbackOf, sampleRun } from '../reports/sample-playback.ts';

/** A device that polls 41 times and is then refused, with a payload in base64. */
const polling = sampleRun('polling', 'pass', 'as expected', {
  title: 'A device polls',
  history: [
    { kind: 'step-started', step: 0, name: 'power-on', line: 3, at: 0 },
    ...Array.from({ length: 41 }, (_, index): HistoryEvent => ({
      kind: 'wire',
      door: 'mqtt',
      from: 'pump',
      to: 'dps',
      message: `PUBLISH $dps/registrations/GET/iotdps-get-operationstatus/?$rid=${index} {"data":"dGVtcGVyYXR1cmUgaXMgMjE="} → 202 {"status":"assigning"}`,
      at: index * 1000,
    })),
    {
      kind: 'decision',
      judge: 'dps',
      subject: 'pump',
      about: 'registration',
      checks: [{ check: 'id-scope-known', passed: false, expected: 'a', found: 'b' }],
      at: 60_000,
    },
  ],
});

test('the report folds 41 equal messages into one row, and a button unfolds this row', async ({ page, reportOf }) => {
  await page.goto(`${await reportOf(playbackOf([played(polling)]))}#scenario/polling`);
  const options = page.getByRole('listbox').getByRole('option');
  await expect(options).toHaveCount(3);
  await expect(options.nth(1)).toContainText('×41');
  await options.nth(1).locator('.when').click();
  expect(await graveFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show all 41 repeats' }).click();
  await expect(options.nth(2)).toHaveAttribute('aria-setsize', '43');
  await page.getByRole('button', { name: 'Fold all 41 repeats' }).click();
  await expect(options).toHaveCount(3);
  await page.getByLabel('Fold repeats').uncheck();
  await expect(options.nth(2)).toHaveAttribute('aria-setsize', '43');
});

test('the address of an event in a folded row unfolds the row and selects the event', async ({ page, reportOf }) => {
  await page.goto(`${await reportOf(playbackOf([played(polling)]))}#scenario/polling/event/20`);
  const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
  await expect(chosen).toHaveAttribute('aria-posinset', '20');
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('Event 20');
});

test('the details of a message show its topic, its properties, the request, the response and the decoded base64 data', async ({
  page,
  reportOf,
}) => {
  await page.goto(`${await reportOf(playbackOf([played(polling)]))}#scenario/polling/event/2`);
  const detail = page.getByRole('complementary', { name: 'Event' });
  await expect(detail.locator('.facts-list > div')).toHaveText([
    'MethodPUBLISH',
    'Topic$dps/registrations/GET/iotdps-get-operationstatus/',
    '$rid0',
  ]);
  await expect(detail.getByRole('heading', { name: 'Request' })).toContainText('pump to dps over mqtt');
  await expect(detail.getByRole('heading', { name: 'Response' })).toContainText('dps to pump');
  await expect(detail).toContainText('data, base64 decoded');
  await expect(detail.getByText('temperature is 21')).toBeVisible();
  // The list draws one arrow for each direction of the message.
  await expect(page.getByRole('option', { selected: true }).locator('.wire')).toHaveCount(2);
});

test('the key n and the button "Next refusal" select the next refusal', async ({ page, reportOf }) => {
  await page.goto(`${await reportOf(playbackOf([played(polling)]))}#scenario/polling`);
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('n');
  const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
  await expect(chosen).toContainText('rejected by id-scope-known');
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Next refusal' }).click();
  await expect(chosen).toContainText('rejected by id-scope-known');
});

test('a page that opens at an event shows the row of the event, and does not scroll the page itself', async ({
  page,
  reportOf,
}) => {
  await page.setViewportSize({ width: 1280, height: 700 });
  await page.goto(`${await reportOf(playbackOf([played(fleetRun(40))]))}#scenario/fleet/event/140`);
  const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
  await expect(chosen).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
  await page.keyboard.press('ArrowUp');
  await expect(chosen).toBeInViewport({ ratio: 1 });
});

test('keys zoom the time strip around the selected event, and a small map shows the whole run', async ({
  page,
  reportOf,
}) => {
  await page.goto(`${await reportOf(playbackOf([played(fleetRun(40))]))}#scenario/fleet/event/140`);
  const zoom = page.getByRole('status', { name: 'Zoom' });
  await expect(zoom).toHaveText('1×');
  await expect(page.locator('.time-strip')).toHaveCount(1);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect(zoom).toHaveText('4×');
  await expect(page.locator('.time-strip.map .window')).toHaveCount(1);
  await expect(page.locator('.time-strip:not(.map) .here')).toHaveCount(1);
  await page.keyboard.press('-');
  await expect(zoom).toHaveText('2×');
  await page.keyboard.press('0');
  await expect(zoom).toHaveText('1×');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(zoom).toHaveText('2×');
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isTooWide(page)).toBe(false);
});
