import type { Page, TestInfo } from '@playwright/test';
import { chromium } from './chromium.ts';

/** Skips what cannot be tested here; for the first fixture, before anybody starts a browser. */
export async function needsBrowser(_none: object, use: () => Promise<void>, info: TestInfo): Promise<void> {
  info.skip(chromium === undefined, 'chromium is not on the PATH');
  await use();
}

/**
 * What a page asked for, printed or threw that it should not have; it grows as that happens.
 *
 * @param mayAsk whether an address is one that it may ask for.
 */
export function complaintsOf(page: Page, mayAsk: (url: string) => boolean): readonly string[] {
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!mayAsk(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  page.on('console', (message) => {
    // The browser itself prints a line about each refusal that a page shows.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(`printed ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`threw ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`showed the dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}
