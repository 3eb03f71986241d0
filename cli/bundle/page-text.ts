import { readFileSync } from 'node:fs';

/** Returns the report page without data. The page is a file beside this one in the bundle (bundle.mjs). */
export function pageText(): string {
  return readFileSync(new URL('report-page.html', import.meta.url), 'utf8');
}

/** Returns the studio page, with placeholders for the nonce of each response. */
export function studioPageText(): string {
  return readFileSync(new URL('studio-page.html', import.meta.url), 'utf8');
}

/** Returns the live page of a lab, with placeholders for the nonce of each response. */
export function livePageText(): string {
  return readFileSync(new URL('live-page.html', import.meta.url), 'utf8');
}
