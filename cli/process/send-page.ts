import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** The placeholder in a page for the nonce of a response (cli/bundle/page.mjs). */
const nonceMark = 'NONCE-OF-THIS-ANSWER';

/** Sends a page whose script may call only its own server. @param page has `nonceMark` in place of the nonce. */
export function sendPage(response: ServerResponse, page: string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    ...safeHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      `default-src 'none'`,
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      `connect-src 'self'`,
      // The script of the editor contains its icons as data URLs.
      `img-src data:`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `require-trusted-types-for 'script'`,
      `trusted-types 'none'`,
    ].join('; '),
  });
  response.end(page.replaceAll(nonceMark, nonce));
}

/** Headers that forbid the browser to store a response in its cache, and to let another page embed the response. */
export const safeHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
