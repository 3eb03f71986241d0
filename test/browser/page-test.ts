import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type Locator, type Page, test as base } from '@playwright/test';
import axe from 'axe-core';
import { bundled } from '../../cli/bundle/bundle.mjs';
import type { View } from '../../reports/define-report.ts';
import { reportPage } from '../../reports/html/report-page.ts';
import type { Playback } from '../../reports/playback.ts';
import { sampleView } from '../reports/sample-playback.ts';
import { complaintsOf, needsBrowser } from './needs-browser.ts';

interface Reports {
  /** Skips the tests if no browser is installed. */
  readonly needsBrowser: void;
  /** Address of a report that a real run wrote. */
  readonly real: string;
  /** Writes the report of a playback and returns its address. */
  readonly reportOf: (playback: Playback, more?: Partial<View>) => Promise<string>;
  /** Unexpected requests, messages and errors of the page so far. */
  readonly complaints: readonly string[];
}

/** A test with a report page. At the end of the test, the page must have sent no request and thrown no error. */
export const test = base.extend<Reports>({
  // This fixture runs first, before Playwright starts a browser. The empty pattern tells Playwright that it uses no other fixture.
  needsBrowser: [({}, use, info) => needsBrowser({}, use, info), { auto: true }],
  real: async ({}, use) => {
    await use(pathToFileURL(process.env['REHEARSAL_REAL_REPORT'] ?? '').href);
  },
  reportOf: async ({}, use, info) => {
    await use(async (playback, more) => {
      const root = join(import.meta.dirname, '..', '..');
      const page = readFileSync(join(await bundled(root), 'report-page.html'), 'utf8');
      const file = info.outputPath('report.html');
      writeFileSync(file, reportPage(playback, { ...sampleView, ...more, page }));
      return pathToFileURL(file).href;
    });
  },
  complaints: [
    async ({ page }, use) => {
      const complaints = complaintsOf(page, (url) => url.startsWith('file:'));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Returns the serious accessibility findings of axe, one line each. */
export async function graveFindings(page: Page): Promise<readonly string[]> {
  // A page keeps axe until it is loaded again.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source);
  const findings: readonly string[] = await page.evaluate(
    `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' at ' + target + ': ' + failureSummary)))`,
  );
  return findings;
}

/** Returns true if an element is wider than the window. */
export async function isTooWide(page: Page): Promise<boolean> {
  const tooWide: boolean = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  return tooWide;
}

/** Scrolls down until the list draws the first event with this name, and returns the event. */
export async function eventNamed(page: Page, name: RegExp): Promise<Locator> {
  await expect(page.getByRole('listbox')).toBeVisible();
  const event = page.getByRole('option', { name }).first();
  for (let looked = 0; looked < 40 && (await event.count()) === 0; looked += 1) {
    await page.evaluate(
      `new Promise((drawn) => {
        (document.querySelector('[data-scrolls]') ?? window).scrollBy(0, 300);
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      })`,
    );
  }
  return event;
}

/** Returns the visible texts below an element that its box cuts off, for example with an ellipsis. */
export async function cutTexts(element: Locator): Promise<readonly string[]> {
  const texts: unknown = await element.evaluate((root) =>
    [...root.querySelectorAll('*')]
      .filter((one) => one.checkVisibility() && one.closest('.unseen') === null && one.textContent.trim() !== '')
      .filter(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          clientWidth > 0 && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 3),
      )
      .map((one) => one.textContent.trim()),
  );
  if (!Array.isArray(texts)) throw new Error('the browser returned no list of texts');
  return texts.map(String);
}
