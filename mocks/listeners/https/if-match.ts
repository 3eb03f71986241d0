import type { HttpRequest } from './http-api.ts';

/**
 * Returns the ETag of If-Match without quotes, which some clients omit; `*` matches any ETag. Undefined if the header is missing.
 */
export function ifMatchOf({ headers }: HttpRequest): string | undefined {
  const text = headers['if-match']?.trim();
  return text === undefined || text === '' ? undefined : text.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}
