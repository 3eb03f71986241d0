import { readFileSync } from 'node:fs';

/** The page of the report without its data, which lies beside this file in the bundle (bundle.mjs). */
export function pageText(): string {
  return readFileSync(new URL('report-page.html', import.meta.url), 'utf8');
}

/** The page of the studio, with the marks of a nonce that each answer has anew. */
export function studioPageText(): string {
  return readFileSync(new URL('studio-page.html', import.meta.url), 'utf8');
}
