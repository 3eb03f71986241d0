import type { HttpRequest } from './http-api.ts';

/**
 * Returns the ETag in the header If-Match without quotes, because some clients omit the quotes. `*` matches any ETag. Returns
 * undefined if the header is missing.
 */
export function ifMatchOf({ headers }: HttpRequest): string | undefined {
  const text = headers['if-match']?.trim();
  return text === undefined || text === '' ? undefined : text.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}
