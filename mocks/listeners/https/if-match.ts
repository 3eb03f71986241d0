import type { HttpRequest } from './http-api.ts';

/** The ETag of If-Match without quotes, which some clients leave out; `*` for any, undefined where there is no header. */
export function ifMatchOf({ headers }: HttpRequest): string | undefined {
  const text = headers['if-match']?.trim();
  return text === undefined || text === '' ? undefined : text.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}
