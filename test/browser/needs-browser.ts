import type { Page, TestInfo } from '@playwright/test';
import { chromium } from './chromium.ts';

/** Skips the tests if no browser is installed. The first fixture calls this function, before Playwright starts a browser. */
export async function needsBrowser(_none: object, use: () => Promise<void>, info: TestInfo): Promise<void> {
  info.skip(chromium === undefined, 'chromium is not on the PATH');
  await use();
}

/** Collects unexpected requests, messages and errors of a page. @param mayAsk returns true if the page may request the address. */
export function complaintsOf(page: Page, mayAsk: (url: string) => boolean): readonly string[] {
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!mayAsk(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  page.on('console', (message) => {
    // The browser prints this line for each request that a server refused, even if the page handles the refusal, so the line is no
    // complaint.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(`printed ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`threw ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`showed the dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
}
