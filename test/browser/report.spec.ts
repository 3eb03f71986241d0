import { expect } from '@playwright/test';
import { filterTime, firstContentfulPaint } from './filter-time.ts';
import { fleetRun } from './fleet.ts';
import { eventNamed, graveFindings, isTooWide, test } from './page-test.ts';
import { played, playbackOf, samplePlayback, sampleRun } from '../reports/sample-playback.ts';

const { describe } = test;

describe('the overview', () => {
  test('opens from the disk and shows the results', async ({ page, real }) => {
    await page.goto(real);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('All scenarios passed');
    await expect(page.getByRole('button', { name: /Passed$/ })).toHaveText(/^\d+ Passed$/);
  });

  test('filters the list, and its address restores the filter', async ({ page, real }) => {
    await page.goto(real);
    const count = page.getByRole('status');
    const before = await count.textContent();
    await page.getByLabel('Search').fill('clock 1970');
    await expect(count).toHaveText(/^2 of /);
    await page.getByText('More filters').click();
    await page.getByLabel('Attestation').selectOption('symmetricKey');
    await expect(count).toHaveText(/^2 of /);
    await page.reload();
    await expect(page.getByLabel('Search')).toHaveValue('clock 1970');
    await expect(count).toHaveText(/^2 of /);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect(count).toHaveText(before ?? '');
  });

  test('has a filter for each verdict, and lists skipped scenarios and problems', async ({ page, reportOf }) => {
    await page.goto(await reportOf(samplePlayback));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 scenarios did not pass');
    await page.getByRole('button', { name: '1 Failed', exact: true }).click();
    await expect(page.getByRole('status')).toHaveText('1 of 4 scenarios');
    await expect(page.getByRole('heading', { name: 'Skipped' })).toBeVisible();
    await expect(page.getByText('swtpm was not found; install the Debian package swtpm').first()).toBeVisible();
    await expect(page.getByText('a worker did not start')).toBeVisible();
  });

  test('links topics to their scenarios', async ({ page, real }) => {
    await page.goto(real);
    await page.getByText('Guidance').click();
    await page.getByRole('link', { name: 'Time in the warehouse' }).click();
    await expect(page.getByLabel('Topic')).toHaveValue('warehouse-delay');
    await expect(page.getByRole('status')).toHaveText(/^\d+ of \d+ scenarios$/);
  });

  test('shows long times completely, and aligns rows of all verdicts', async ({ page, reportOf }) => {
    const time = { virtualDuration: 'P11M29D' };
    const runs = [sampleRun('one', 'pass', 'as expected', time), sampleRun('two', 'fail', 'differs', time)];
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.goto(await reportOf(playbackOf(runs.map((run) => played(run)))));
    const rows = page.getByRole('list', { name: 'Scenarios' }).getByRole('listitem');
    await expect(rows.getByText('11 months 29 days')).toHaveCount(2);
    const edges = await rows.evaluateAll((all) =>
      all.map((row) => {
        const [from, time] = [row.firstElementChild, row.lastElementChild];
        const first = from?.getBoundingClientRect().left ?? 0;
        return {
          first: first - row.getBoundingClientRect().left,
          cut: (time?.scrollWidth ?? 0) > (time?.clientWidth ?? 0),
        };
      }),
    );
    expect(edges).toEqual([
      { first: 12, cut: false },
      { first: 12, cut: false },
    ]);
  });

  test('draws only the visible rows of five thousand scenarios', async ({ page, reportOf }) => {
    const runs = Array.from({ length: 5000 }, (_, index) => played(sampleRun(`one-${index}`, 'pass', 'as expected')));
    await page.goto(await reportOf(playbackOf(runs)));
    const rows = page.getByRole('list', { name: 'Scenarios' }).getByRole('listitem');
    await expect(rows.first()).toBeVisible();
    expect(await rows.count()).toBeLessThan(80);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await expect(rows.last()).toHaveAttribute('aria-posinset', '5000');
    expect(await rows.count()).toBeLessThan(80);
  });
});

describe('the page of a scenario', () => {
  test('can be read with the keyboard alone', async ({ page, real }) => {
    await page.goto(`${real}#?text=P6M%20factory-root`);
    const link = page.getByRole('link', { name: 'The CA of the devices is valid for 6 months' }).first();
    await expect(link).toBeVisible();
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('is valid for 6 months');
    const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
    await page.keyboard.press('ArrowRight');
    await expect(chosen).toHaveAttribute('aria-posinset', '1');
    await page.keyboard.press('ArrowDown');
    await expect(chosen).toHaveAttribute('aria-posinset', '2');
    await page.keyboard.press('ArrowLeft');
    await expect(chosen).toHaveAttribute('aria-posinset', '1');
    await page.keyboard.press('End');
    await expect(chosen).toContainText('refused');
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect(chosen).toHaveAttribute('aria-posinset', '3');
    await page.keyboard.press(' ');
    await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  });

  test('moves on for each key, even if a key follows immediately after the page drew the selection', async ({
    page,
    real,
  }) => {
    await page.goto(`${real}#?text=P6M%20factory-root`);
    await page.getByRole('link', { name: 'The CA of the devices is valid for 6 months' }).first().click();
    await expect(page.getByRole('listbox')).toBeVisible();
    await page.evaluate(
      `new Promise((drawn) => {
        const list = document.querySelector('[role=listbox]');
        const press = (key) => dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
        new MutationObserver((_changes, observer) => {
          if (list.querySelector('[aria-selected=true]')?.getAttribute('aria-posinset') !== '1') return;
          observer.disconnect();
          press('ArrowDown');
          drawn();
        }).observe(list, { subtree: true, childList: true, attributes: true });
        press('ArrowRight');
      })`,
    );
    const chosen = page.getByRole('listbox').getByRole('option', { selected: true });
    await expect(chosen).toHaveAttribute('aria-posinset', '2');
  });

  test('shows a year without events in one row, and gives each decision its own address', async ({ page, real }) => {
    await page.goto(`${real}#?text=P6M%20factory-root`);
    await page.getByRole('link', { name: 'The CA of the devices is valid for 6 months' }).first().click();
    await expect(await eventNamed(page, /1 year without events/)).toBeVisible();
    await (await eventNamed(page, /rejected by ca-valid-now/)).click();
    expect(page.url()).toMatch(/#scenario\/.*\/event\/\d+$/);
    // The address of the page, opened in a new page, shows the same event.
    await page.goto('about:blank');
    await page.goBack();
    const detail = page.getByRole('complementary', { name: 'Event' });
    await expect(detail).toContainText('Decided by ca-valid-now');
    await expect(detail).toContainText('Required: each CA certificate of the chain is valid now.');
    await expect(detail.getByText(/expired 6 months(?: .*)? ago/)).toBeVisible();
    await expect(detail.getByText('CN=thermostat', { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('cell', { name: /refused by ca-valid-now/ })).toBeVisible();
    await expect(page.getByText(/intermediate-expires\.yaml:\d+/).first()).toBeVisible();
  });

  test('shows the fields of a message and the number of copies of secrets', async ({ page, real }) => {
    await page.goto(`${real}#?text=P5Y%20factory-root`);
    await page.getByRole('link', { name: 'The CA of the devices is valid for 5 years' }).first().click();
    const detail = page.getByRole('complementary', { name: 'Event' });
    await (await eventNamed(page, /iotdps-register/)).click();
    await expect(detail).toContainText('"registrationId": "thermostat"');
    await expect(detail).toContainText('202');
    await (await eventNamed(page, /key of thermostat is no longer at line/)).click();
    await expect(detail.getByText('Secrets: 3 copies before, 2 after')).toBeVisible();
    await expect(detail.getByText('unneeded copy')).toBeVisible();
  });

  test('shows the clock of a device if that clock is wrong', async ({ page, real }) => {
    await page.goto(`${real}#?text=wakes-in-1970`);
    await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
    await (await eventNamed(page, /tries to get into service/)).click();
    await expect(page.getByText('The clock of')).toContainText('1 Jan 1970');
  });

  test('draws an attacker in its own lane', async ({ page, real }) => {
    await page.goto(`${real}#?text=group-key-leaks`);
    await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
    await expect(await eventNamed(page, /Attacker to DPS: /)).toBeVisible();
  });

  test('shows a message if the scenario ID is unknown', async ({ page, real }) => {
    await page.goto(`${real}#scenario/nothing/event/3`);
    await expect(page.getByText('This report has no scenario nothing.')).toBeVisible();
  });
});

test('the comparison of two variants marks their differences', async ({ page, real }) => {
  await page.goto(`${real}#?text=P6M%20factory-root`);
  await page.getByRole('link', { name: 'The CA of the devices is valid for 6 months' }).first().click();
  await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
  await page
    .getByLabel('Right')
    .fill(
      'The CA of the devices is valid for 5 years, and the pallet waits a year (caValidity=P5Y, anchor=factory-root)',
    );
  await expect(page.getByRole('row', { name: /^Choice differs/ })).toContainText('caValidity=P5Y');
  // The page marks only the words that differ between the two runs.
  await expect(page.getByRole('row', { name: /^Choice differs/ }).locator('mark')).toHaveText(['P6M', 'P5Y']);
  await expect(page.getByRole('status')).toHaveText(/^\d+ of \d+ differ\./);
  const pairs = page.getByRole('list', { name: 'Events of both' }).getByRole('listitem');
  await expect(pairs.filter({ hasText: 'rejected by ca-valid-now' })).toContainText('differs');
  await expect(pairs.filter({ hasText: 'Step 1: issue-certificate' })).not.toContainText('differs');
  await page.getByLabel('Only differences').check();
  await expect(pairs.filter({ hasText: 'Step 1: issue-certificate' })).toHaveCount(0);
});

test('every page of the report shows scenario texts as text, and executes none of them', async ({ page, reportOf }) => {
  const evil = `<img src=x onerror="alert(1)"></script><script>alert(2)</script>`;
  const run = sampleRun(`a/${evil}`, 'fail', evil, {
    title: evil,
    variant: evil,
    file: `${evil}.yaml`,
    tags: [evil],
    covers: [evil],
    story: evil,
    teaches: evil,
    warnings: [evil],
    history: [
      { kind: 'deed', party: 'manufacturer', subject: evil, sentence: evil, at: 0 },
      { kind: 'wire', door: 'mqtt', from: evil, to: 'dps', message: `PUBLISH ${evil} → {"a":"${evil}`, at: 1 },
    ],
  });
  await page.goto(await reportOf(playbackOf([played(run)], { troubles: [evil], seed: evil })));
  await page.getByRole('list', { name: 'Scenarios' }).getByRole('link', { name: evil }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(evil);
  await page.getByRole('listbox').getByRole('option').nth(1).click();
  await expect(page.getByRole('complementary', { name: 'Event' })).toContainText('onerror');
  await expect(page.locator('img')).toHaveCount(0);
});

describe('a large report', () => {
  test('with five thousand devices can be opened and scrolled, and a user can step through its events', async ({
    page,
    reportOf,
  }) => {
    await page.goto(`${await reportOf(playbackOf([played(fleetRun(5000))]))}#scenario/fleet`);
    const events = page.getByRole('listbox').getByRole('option');
    await expect(events.first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('5,000 devices')).toBeVisible();
    expect(await events.count()).toBeLessThan(120);
    await page.keyboard.press('End');
    await expect(page.getByRole('listbox').getByRole('option', { selected: true })).toContainText('unit-5000 assigned');
    await expect(page.getByRole('listbox').getByRole('option', { selected: true })).toBeInViewport();
    await page.evaluate(
      `(() => { const frame = document.querySelector('[data-scrolls]'); frame.scrollTo(0, frame.scrollHeight / 2); })()`,
    );
    await expect(events.first()).toBeVisible();
    expect(await events.count()).toBeLessThan(120);
  });

  test('with 150 scenarios opens in two seconds and filters in less than a tenth of a second', async ({
    page,
    reportOf,
  }) => {
    const runs = Array.from({ length: 150 }, (_, index) =>
      played({ ...fleetRun(8), id: `fleet-${index}`, title: `Fleet ${index}` }),
    );
    const address = await reportOf(playbackOf(runs));
    const opened: number[] = [];
    for (let time = 0; time < 3; time++) {
      await page.goto('about:blank');
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      opened.push(await page.evaluate('performance.now()'));
    }
    expect(Math.min(...opened)).toBeLessThan(2000);
    const filtered = await filterTime(page, ['fleet 1', 'fleet 12', 'fleet', 'fleet 7']);
    expect(filtered).toBeLessThan(100);
    await expect(page.getByRole('status')).toHaveText('24 of 150 scenarios');
  });

  test('with 381 scenarios paints its content within a second and filters within 160 ms', async ({
    page,
    reportOf,
  }) => {
    const runs = Array.from({ length: 381 }, (_, index) =>
      played({ ...fleetRun(8), id: `fleet-${index}`, title: `Fleet ${index}`, file: `fleets/${index % 120}.yaml` }),
    );
    const address = await reportOf(playbackOf(runs));
    expect(await firstContentfulPaint(page, address, 3)).toBeLessThan(1000);
    await expect(page.getByRole('status')).toHaveText('381 scenarios');
    expect(await filterTime(page, ['fleet 1', 'check:common-name-matches', 'hub:hub-eu', 'nothing'])).toBeLessThan(160);
    await expect(page.getByRole('status')).toHaveText('0 of 381 scenarios');
  });
});

describe('accessibility', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`each page of the report has no serious accessibility problem and no element wider than the window, in the ${colorScheme} colour scheme at ${width} px`, async ({
        page,
        real,
      }) => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await page.goto(real);
        await page.getByText('Slowest').click();
        expect(await graveFindings(page)).toEqual([]);
        expect(await isTooWide(page)).toBe(false);
        for (const name of ['Guidance', 'Attacks', 'Matrix']) {
          await page.getByRole('navigation').getByRole('link', { name }).click();
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          expect(await graveFindings(page)).toEqual([]);
          expect(await isTooWide(page)).toBe(false);
        }
        await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
        await page.getByLabel('Search').fill('P6M factory-root');
        await page.getByRole('list', { name: 'Scenarios' }).getByRole('link').first().click();
        await (await eventNamed(page, /rejected by ca-valid-now/)).click();
        expect(await graveFindings(page)).toEqual([]);
        expect(await isTooWide(page)).toBe(false);
        await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click();
        await expect(page.getByRole('list', { name: 'Events of both' })).toBeVisible();
        expect(await graveFindings(page)).toEqual([]);
        expect(await isTooWide(page)).toBe(false);
      });
    }
  }

  test('the user can select a colour scheme that differs from the colour scheme of the system', async ({
    page,
    real,
  }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(real);
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    expect(await ground()).not.toBe(light);
    await page.getByRole('button', { name: 'Use light colours' }).click();
    expect(await ground()).toBe(light);
  });

  test('the printed page of a scenario has every event and no buttons', async ({ page, reportOf }) => {
    await page.goto(`${await reportOf(playbackOf([played(fleetRun(40))]))}#scenario/fleet`);
    await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(281);
    await expect(page.getByRole('button', { name: 'Play' })).toBeHidden();
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });
});
